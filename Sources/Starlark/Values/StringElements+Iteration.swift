extension StringElementsObject {
    func element(at position: inout Int, in arena: Arena) throws(Failure) -> Value { .unbound }
}
