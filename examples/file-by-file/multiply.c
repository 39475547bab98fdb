#include "operations.h"

long multiply(long a, long b) { return a * b; }
