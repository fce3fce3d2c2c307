# `just check` is exactly what CI runs; the steps live in .ci/run, so that `just` itself is not needed.

default: check

# Everything that must hold before a change lands
check *STEPS:
    bash .ci/run {{STEPS}}

# The edit-test loop
test *ARGS:
    cargo test {{ARGS}}

fmt:
    cargo fmt --all

# Write the checked-in samples anew
samples:
    cargo run --release -p sample-backups -- write sample-backups

# The same bytes as other people's tools
conformance *ARGS:
    cargo build --bin corer
    tests/conformance/run --corer target/debug/corer {{ARGS}}

# Kill and cut off backups of the simulated device at random moments
kills TIMES="200":
    CORER_INTERRUPTIONS={{TIMES}} cargo test --test interrupted -- --nocapture

# What the largest page and the search of a long history cost in a browser, and that they load nothing from elsewhere
browser MESSAGES="50000":
    cargo build --bin corer --bin sample-backups
    tests/browser/largest target/debug {{MESSAGES}}

# Random bytes for one fuzz target, or for each of them, for so many seconds
fuzz TARGET="all" SECONDS="60":
    cargo fuzz build --fuzz-dir tests/fuzz --target-dir target/fuzz --sanitizer none --codegen-units 16
    tests/fuzz/run {{TARGET}} {{SECONDS}}

# Measure the release build beside cp and the other tools of the field
bench *ARGS="all":
    cargo build --release --workspace --bins
    target/release/corer-bench {{ARGS}}

# Make a gallery of many photos and open it in headless Chromium
gallery *ARGS:
    cargo build --release --workspace --bins
    tests/browser/gallery {{ARGS}}

# The documentation of the code
doc:
    cargo doc --workspace --no-deps --open
