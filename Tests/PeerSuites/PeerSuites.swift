@main struct PeerSuites {
    static func main() {}
}
