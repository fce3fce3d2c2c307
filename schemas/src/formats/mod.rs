//! Bounded parsers of untrusted bytes. Every one of them has a limit on depth, on nodes and on what it allocates.
