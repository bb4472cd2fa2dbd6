//! The programs that use the SDKs: how each is installed and started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use super::Place;
use super::json::Precision;
use super::tools::{self, install, install_once, need};
use crate::process;

/// A program that decides with an SDK.
pub struct Host {
    /// Its name.
    pub name: &'static str,
    /// How to start it.
    program: Vec<PathBuf>,
    /// What its language makes of numbers.
    pub precision: Precision,
    /// Whether the SDK can decide without an input.
    pub takes_no_input: bool,
    /// How many evaluations it can make in a second or ten.
    pub rounds: u32,
}

impl Host {
    /// The program, not yet started.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program[0]);
        command.args(&self.program[1..]);
        command
    }
}

/// JavaScript: packages lie beside the program, so that it is copied to where they may lie.
pub fn node(place: &Place) -> anyhow::Result<Host> {
    need("node", &["--version"], "the JavaScript SDK runs in it")?;
    need("npm", &["--version"], "it installs the JavaScript SDK")?;
    let folder = place.folder("node")?;
    let sources = place.source("node");
    for entry in fs::read_dir(&sources).with_context(|| sources.display().to_string())? {
        let file = entry?.path();
        fs::copy(&file, folder.join(file.file_name().context("a name")?))?;
    }
    install_once(&sources.join("package-lock.json"), &folder, || {
        let mut npm = Command::new("npm");
        install(npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder), "npm ci")
    })?;
    Ok(Host {
        name: "node",
        program: vec!["node".into(), folder.join("decide.mjs")],
        precision: Precision::Double,
        takes_no_input: true,
        rounds: 100_000,
    })
}

/// The tests of the ABI, function by function. They need nothing that is installed.
///
/// # Errors
/// When one fails.
pub fn node_tests(place: &Place) -> anyhow::Result<()> {
    let mut command = Command::new("node");
    command.args(["--test", "abi.test.mjs"]).current_dir(place.folder("node")?);
    command.env("PALISADE_MODULES", place.folder("modules")?);
    install(&mut command, "node --test abi.test.mjs")?;
    println!("  the ABI, function by function");
    Ok(())
}

/// OPA itself, by its Go SDK.
pub fn go(place: &Place) -> anyhow::Result<Host> {
    need(
        "go",
        &["version"],
        "it builds OPA's SDK; 1.21 or newer, which fetches what go.mod asks for",
    )?;
    let program = built(place, "go", "decide");
    let mut build = Command::new("go");
    build.args(["build", "-trimpath", "-mod=readonly", "-o"]).arg(&program).arg(".");
    install(build.current_dir(place.source("go")), "go build")?;
    Ok(Host {
        name: "go",
        program: vec![program],
        precision: Precision::Exact,
        takes_no_input: true,
        rounds: 100_000,
    })
}

/// Python. Each evaluation copies the module's whole memory, so that there are fewer of them.
pub fn python(place: &Place) -> anyhow::Result<Host> {
    let python = tools::python()?;
    let folder = place.folder("python")?;
    let own = folder.join("venv").join("bin").join("python");
    let list = place.source("python").join("requirements.txt");
    install_once(&list, &folder, || {
        let mut venv = Command::new(python);
        install(venv.args(["-m", "venv", "--clear"]).arg(folder.join("venv")), "python -m venv")?;
        let mut pip = Command::new(&own);
        install(pip.args(["-m", "pip", "install", "--no-deps", "-r"]).arg(&list), "pip install")
    })?;
    Ok(Host {
        name: "python",
        program: vec![own, "-B".into(), place.source("python").join("decide.py")],
        precision: Precision::Double,
        takes_no_input: false,
        rounds: 500,
    })
}

/// Rust.
pub fn rust(place: &Place) -> anyhow::Result<Host> {
    let manifest = place.source("rust").join("Cargo.toml");
    let target = place.made.join("rust");
    let mut build = process::cargo(&["build", "--quiet", "--release", "--locked"]);
    build.arg("--manifest-path").arg(manifest).arg("--target-dir").arg(&target);
    install(&mut build, "cargo build")?;
    Ok(Host {
        name: "rust",
        program: vec![target.join("release").join(executable("palisade-sdk-rust"))],
        precision: Precision::Exact,
        takes_no_input: false,
        rounds: 100_000,
    })
}

fn built(place: &Place, folder: &str, name: &str) -> PathBuf {
    place.made.join(Path::new(folder)).join(executable(name))
}

fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
