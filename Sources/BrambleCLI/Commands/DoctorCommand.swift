import ArgumentParser
import Bramble

/// `bramble doctor`
struct DoctorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look whether this machine has what Bramble needs, and what to do if not.",
        discussion: "The status is 10 if there is no sandbox, 11 if the store cannot be used.")

    @OptionGroup var global: GlobalOptions

    @Flag(help: "The result as JSON.")
    var json = false

    func run(_ console: Console) throws -> ExitStatus {
        let folder = try StandardFolders.store()
        let health = try console.runTask { _ throws(BrambleError) in
            await Health.examine(storeFolder: folder)
        }
        if json {
            try console.printJSON(Report(health))
        } else {
            for finding in health.findings {
                let state = finding.state == .ok ? "ok" : finding.state.rawValue
                console.write("\(state): \(finding.subject): \(finding.message)\n")
                if let remedy = finding.remedy { console.write("    \(remedy)\n") }
            }
        }
        if !health.hasSandbox { return .sandbox }
        return health.hasStore ? .success : .files
    }

    private struct Report: Encodable {
        struct Finding: Encodable {
            let subject: String
            let state: String
            let message: String
            let remedy: String?
        }

        let schema = "bramble/health/1"
        let findings: [Finding]

        init(_ health: Health) {
            findings = health.findings.map {
                Finding(
                    subject: $0.subject, state: $0.state.rawValue, message: $0.message,
                    remedy: $0.remedy)
            }
        }
    }
}
