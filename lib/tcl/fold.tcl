# Procedures, lists, regular expressions, compression.
proc fold {list start body} {
    foreach element $list { set start [apply $body $start $element] }
    return $start
}
if {[zlib inflate [zlib deflate text]] ne "text"} { error "zlib" }
if {![regexp {^(\d+)-(\d+)$} 2-40 -> first second]} { error "regexp" }
puts [fold [list $first $second] 0 {{a b} { expr {$a + $b} }}]
