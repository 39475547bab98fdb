/* What the calculator can do: each operation is in a file of its own. */
long add(long a, long b);
long multiply(long a, long b);
long subtract(long a, long b);
