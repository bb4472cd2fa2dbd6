//! Refuses to build with a `guest.wasm` that is not that of the guest's sources, when these are there.

#[path = "../../xtask/src/guest/stamp.rs"]
mod stamp;

use std::env;
use std::fs;
use std::path::Path;
use std::process;

/// Set while working on the guest's sources, to build with the last committed form all the same.
const ALLOW_STALE: &str = "PALISADE_STALE_GUEST";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for name in stamp::CRATES {
        println!("cargo:rerun-if-changed={}", root.join("crates").join(name).display());
    }
    println!("cargo:rerun-if-env-changed={ALLOW_STALE}");
    if !root.join("crates/guest/src").exists() {
        return;
    }
    if let Err(message) = check(&root) {
        if env::var_os(ALLOW_STALE).is_none() {
            eprintln!("{message}\n({ALLOW_STALE}=1 builds with it all the same.)");
            process::exit(1);
        }
        println!("cargo:warning={message}");
    }
}

fn check(root: &Path) -> Result<(), String> {
    let stamp = stamp::Stamp::read(root).map_err(|error| error.to_string())?;
    let module = fs::read(root.join(stamp::MODULE))
        .map_err(|error| format!("{}: {error}", stamp::MODULE))?;
    if stamp.module != stamp::digest(&module) {
        return Err(format!(
            "{} is not the file that was stamped: run `cargo xtask guest`",
            stamp::MODULE
        ));
    }
    let sources = stamp::sources_digest(root)
        .map_err(|error| format!("reading the guest's sources: {error}"))?;
    if stamp.sources != sources {
        return Err(format!(
            "the sources of {} have changed: run `cargo xtask guest`",
            stamp::MODULE
        ));
    }
    Ok(())
}
