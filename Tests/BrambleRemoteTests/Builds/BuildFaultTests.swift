import Testing

/// Whole builds with other machines that fail. One after the other: each has deadlines, which many at once on a
/// small machine would not keep.
@Suite(.serialized) struct BuildFaultTests {}
