# Modules in Perl and in C, regular expressions, formats.
use strict;
use warnings;
use Digest::SHA 'sha256_hex';
use List::Util 'sum';
my @parts = "a-b" =~ /^(?<first>\w)-(\w)$/;
printf "%d %s %s\n", sum(1 .. 8), join(",", reverse @parts), substr(sha256_hex("text"), 0, 3);
