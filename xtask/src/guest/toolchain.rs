//! Finds a compiler for wasm32 that has its library's source, so that the library is built along: without panic messages,
//! and for the smallest set of WebAssembly features.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

/// Features that every engine has had for years; not those that the compiler would take by itself.
const FEATURES: &str = "+bulk-memory,+mutable-globals,+nontrapping-fptoint,+sign-ext";

/// The profile. It stands here and not in a manifest, where that of the host's programs is. Libraries are built for size
/// (big integers would be half of a module that adds two numbers), but for those whose loops run over all of a text.
const PROFILE: [&str; 11] = [
    "profile.release.opt-level=3",
    "profile.release.lto='fat'",
    "profile.release.codegen-units=1",
    "profile.release.panic='abort'",
    "profile.release.debug=false",
    "profile.release.overflow-checks=false",
    "profile.release.package.'*'.opt-level='s'",
    "profile.release.package.palisade-syntax.opt-level='s'",
    "profile.release.package.aho-corasick.opt-level=3",
    "profile.release.package.memchr.opt-level=3",
    "profile.release.package.regex-automata.opt-level=3",
];

/// What to do when there is no toolchain.
const MISSING: &str = "no Rust toolchain here can build for wasm32. Either of these gives one:\n  \
    rustup component add rust-src\n  \
    apt-get install rustc-web cargo-web rust-web-src   (Debian)";

/// A compiler, its Cargo, and a linker.
pub struct Toolchain {
    rustc: PathBuf,
    cargo: PathBuf,
    linker: PathBuf,
    library: PathBuf,
    /// The versions of compiler and linker, in one line.
    pub version: String,
}

impl Toolchain {
    /// Debian's toolchain if it is there, else the one that the repository pins, if it has its library's source.
    ///
    /// # Errors
    /// When there is neither; the text says what to install.
    pub fn find() -> anyhow::Result<Toolchain> {
        let candidates = [("/usr/bin/rustc", "/usr/bin/cargo"), ("rustc", "cargo")];
        let found = candidates.iter().find_map(|(rustc, cargo)| Toolchain::at(rustc, cargo));
        found.context(MISSING)
    }

    fn at(rustc: &str, cargo: &str) -> Option<Toolchain> {
        let sysroot = PathBuf::from(output(rustc, &["--print", "sysroot"])?);
        let library = sysroot.join("lib/rustlib/src/rust");
        if !library.join("library/Cargo.lock").exists() {
            return None;
        }
        let linker = find_linker(&sysroot)?;
        let linker_version = output(linker.to_str()?, &["-flavor", "wasm", "--version"])?;
        let version = format!("{}, {linker_version}", output(rustc, &["--version"])?);
        Some(Toolchain { rustc: rustc.into(), cargo: cargo.into(), linker, library, version })
    }

    /// The command that builds the workspace in `stage`.
    pub fn cargo(&self, stage: &Path, target: &Path, is_locked: bool) -> Command {
        let mut command = Command::new(&self.cargo);
        command
            .current_dir(stage)
            .args([
                "build",
                "--release",
                "--package",
                "palisade-guest",
                "--target",
                "wasm32-unknown-unknown",
            ])
            .args(["-Z", "build-std=std,panic_abort"])
            .args(PROFILE.iter().flat_map(|it| ["--config", it]))
            .args(is_locked.then_some("--locked"))
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", &self.rustc)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &self.linker)
            .env("CARGO_ENCODED_RUSTFLAGS", self.flags(stage).join("\x1f"));
        // Set by rustup and Cargo for this process; they would choose the other toolchain.
        for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTFLAGS", "RUSTC_WRAPPER"] {
            command.env_remove(name);
        }
        command
    }

    fn flags(&self, stage: &Path) -> Vec<String> {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
        let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
        vec![
            "-Zunstable-options".to_owned(),
            "-Cpanic=immediate-abort".to_owned(),
            // The code generator needs to know which function uses what.
            "-Clink-arg=--emit-relocs".to_owned(),
            "-Clink-arg=--no-merge-data-segments".to_owned(),
            // An overflow of the stack runs out of memory at address 0, and traps.
            "-Clink-arg=--stack-first".to_owned(),
            "-Clink-arg=-zstack-size=262144".to_owned(),
            "-Ctarget-cpu=mvp".to_owned(),
            format!("-Ctarget-feature={FEATURES}"),
            remap(stage, "/palisade"),
            remap(&home, "/cargo"),
            remap(&self.library, "/rust"),
        ]
    }
}

/// The linker of this sysroot or of the pinned toolchain.
fn find_linker(sysroot: &Path) -> Option<PathBuf> {
    let pinned = output("rustc", &["--print", "sysroot"]).map(PathBuf::from);
    let host = host("rustc")?;
    [Some(sysroot.to_owned()), pinned]
        .into_iter()
        .flatten()
        .map(|it| it.join("lib/rustlib").join(&host).join("bin/rust-lld"))
        .find(|it| it.exists())
}

fn host(rustc: &str) -> Option<String> {
    let version = output(rustc, &["-vV"])?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

fn output(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    if !output.status.success() {
        return None;
    }
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
