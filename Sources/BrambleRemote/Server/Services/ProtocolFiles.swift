internal import BrambleREAPI
internal import FoundationEssentials
internal import SwiftProtobuf

/// The files of the protocols that the server speaks, for those who ask for them by reflection.
struct ProtocolFiles: Sendable {
    private var files: [String: Google_Protobuf_FileDescriptorProto] = [:]
    /// By the whole name of a service, a method, a message, an enumeration.
    private var filesBySymbol: [String: String] = [:]

    init() {
        guard let bytes = Data(base64Encoded: protocolDescriptors),
            let set = try? Google_Protobuf_FileDescriptorSet(serializedBytes: bytes)
        else { preconditionFailure("the descriptors are made by a script, and are whole") }
        for file in set.file {
            files[file.name] = file
            let prefix = file.package.isEmpty ? "" : file.package + "."
            for service in file.service {
                filesBySymbol[prefix + service.name] = file.name
                for method in service.method {
                    filesBySymbol["\(prefix)\(service.name).\(method.name)"] = file.name
                }
            }
            for kind in file.enumType { filesBySymbol[prefix + kind.name] = file.name }
            for message in file.messageType { add(message, prefix, file.name) }
        }
    }

    private mutating func add(
        _ message: Google_Protobuf_DescriptorProto, _ prefix: String, _ file: String
    ) {
        var pending = [(prefix, message)]
        while let (prefix, message) = pending.popLast() {
            let name = prefix + message.name
            filesBySymbol[name] = file
            for kind in message.enumType { filesBySymbol["\(name).\(kind.name)"] = file }
            pending += message.nestedType.map { (name + ".", $0) }
        }
    }

    /// A file and all that it imports, as messages; nil if there is none.
    func named(_ name: String) -> [Data]? {
        guard files[name] != nil else { return nil }
        var names = [name]
        var next = 0
        while next < names.count {
            for dependency in files[names[next]]?.dependency ?? []
            where !names.contains(dependency) { names.append(dependency) }
            next += 1
        }
        // They have no required fields, so encoding them does not fail.
        return names.compactMap { files[$0] }.compactMap { try? $0.serializedBytes() }
    }

    /// The file that defines a symbol, and all that it imports.
    func defining(_ symbol: String) -> [Data]? { filesBySymbol[symbol].flatMap { named($0) } }
}
