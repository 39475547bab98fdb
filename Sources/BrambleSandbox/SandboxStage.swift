import CBrambleSandbox
import Glibc

/// A part of a launch that only the kernel can refuse, in words.
struct SandboxStage {
    let stage: bramble_stage

    init(_ stage: bramble_stage) {
        self.stage = stage
    }

    var text: String {
        switch stage {
        case BRAMBLE_STAGE_CLONE: "making namespaces"
        case BRAMBLE_STAGE_DESCRIPTORS: "arranging descriptors"
        case BRAMBLE_STAGE_PARENT: "tying it to its parent"
        case BRAMBLE_STAGE_USER_MAP: "mapping the user"
        case BRAMBLE_STAGE_LOOPBACK: "raising the loopback interface"
        case BRAMBLE_STAGE_HOST_NAME: "setting the host name"
        case BRAMBLE_STAGE_PRIVATE_MOUNTS: "making mounts private"
        case BRAMBLE_STAGE_ROOT: "mounting the root"
        case BRAMBLE_STAGE_STEP: "filling the root"
        case BRAMBLE_STAGE_PROCESS_LIMIT: "limiting processes"
        case BRAMBLE_STAGE_PIVOT: "changing the root"
        case BRAMBLE_STAGE_FORK: "starting a process"
        case BRAMBLE_STAGE_SESSION: "starting a session"
        case BRAMBLE_STAGE_LIMITS: "setting limits"
        case BRAMBLE_STAGE_VARIATION: "varying processors and process numbers"
        case BRAMBLE_STAGE_CAPABILITIES: "giving up capabilities"
        case BRAMBLE_STAGE_SECCOMP: "installing the filter of system calls"
        default: "stage \(stage.rawValue)"
        }
    }

    /// What whoever administers the machine can do, if it is known.
    func remedy(number: Int32) -> String? {
        switch (stage, number) {
        case (BRAMBLE_STAGE_CLONE, ENOSPC), (BRAMBLE_STAGE_CLONE, EUSERS):
            "allow more namespaces: `sysctl user.max_user_namespaces=15000`, and "
                + "`user.max_net_namespaces`, `user.max_pid_namespaces` likewise"
        case (BRAMBLE_STAGE_CLONE, EINVAL), (BRAMBLE_STAGE_CLONE, ENOSYS):
            "the kernel must be Linux 5.12 or later, with user, pid, net, ipc, uts and cgroup namespaces"
        case (BRAMBLE_STAGE_CLONE, _), (BRAMBLE_STAGE_USER_MAP, _),
            (BRAMBLE_STAGE_PRIVATE_MOUNTS, _),
            (BRAMBLE_STAGE_ROOT, _), (BRAMBLE_STAGE_LOOPBACK, _):
            "allow unprivileged user namespaces: on Debian `sysctl kernel.unprivileged_userns_clone=1`, "
                + "on Ubuntu `sysctl kernel.apparmor_restrict_unprivileged_userns=0`; in a container, "
                + "start it with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`"
        case (BRAMBLE_STAGE_STEP, EPERM):
            "in a container, `/proc` must not be masked: start it with "
                + "`--security-opt systempaths=unconfined`"
        case (BRAMBLE_STAGE_PROCESS_LIMIT, _):
            "a limit of processes for root needs Linux 6.14; run Bramble as an ordinary user"
        case (BRAMBLE_STAGE_SECCOMP, _):
            "the kernel must be built with CONFIG_SECCOMP_FILTER"
        default: nil
        }
    }
}
