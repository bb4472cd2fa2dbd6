//! Bundles from the outside: round trips, reproducible bytes, and everything that is refused.

use std::error::Error;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use palisade_bundle::{Bundle, Entry, Entrypoint, Limits, Manifest, Source, digest, unpack};
use proptest::prelude::*;
use serde_json::value::RawValue;

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

fn example() -> Bundle {
    Bundle {
        manifest: Manifest {
            revision: "4f2a".to_owned(),
            roots: vec!["authz".to_owned(), "roles".to_owned()],
            wasm: vec![Entrypoint {
                entrypoint: "authz/allow".to_owned(),
                module: "/policy.wasm".to_owned(),
                annotations: Vec::new(),
            }],
            rego_version: Some(1),
            ..Manifest::default()
        },
        module: Some(b"\0asm\x01\0\0\0".to_vec()),
        data: raw(r#"{"roles": {"alice": ["admin"], "n": 1.00}}"#),
        sources: vec![
            Source { path: "/a.rego".to_owned(), text: "package authz\n".to_owned() },
            Source { path: "/lib/b.rego".to_owned(), text: "package authz.lib\n".to_owned() },
        ],
        signatures: Some(b"{\"signatures\":[]}".to_vec()),
        other: [("/README.md".to_owned(), b"# Policy\n".to_vec())].into(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tar archive of entries that no well-behaved packer would write. The name goes in as it is.
fn tar(entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, kind, bytes) in entries {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

/// An archive of regular files.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let regular = |(name, text)| (name, tar::EntryType::Regular, str::as_bytes(text));
    gzip(&tar(&files.iter().copied().map(regular).collect::<Vec<_>>()))
}

/// An error with its causes, as the command line prints it.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn check_refused(bytes: &[u8], expected: &str) {
    let error = Bundle::read(bytes).expect_err(expected);
    assert!(chain(&error).contains(expected), "{} does not say `{expected}`", chain(&error));
}

fn check_data(files: &[(&str, &str)], expected: &str) {
    assert_eq!(Bundle::read(&archive(files)).unwrap().data.get(), expected);
}

#[test]
fn what_is_written_is_read_back() {
    let bundle = example();
    assert_eq!(Bundle::read(&bundle.write().unwrap()).unwrap(), bundle);
    let empty = Bundle::default();
    assert_eq!(Bundle::read(&empty.write().unwrap()).unwrap(), empty);
}

#[test]
fn files_stand_in_the_order_of_opa() {
    let names = |bundle: &Bundle| -> Vec<String> {
        let files = unpack(&bundle.write().unwrap(), &Limits::default()).unwrap();
        files.into_iter().map(|Entry { name, .. }| name).collect()
    };
    assert_eq!(
        names(&example()),
        [
            "/data.json",
            "/a.rego",
            "/lib/b.rego",
            "/policy.wasm",
            "/README.md",
            "/.manifest",
            "/.signatures.json"
        ]
    );
    let bare = Bundle { sources: vec![], other: [].into(), signatures: None, ..example() };
    assert_eq!(names(&bare), ["/data.json", "/policy.wasm", "/.manifest"]);
}

#[test]
fn the_bytes_depend_on_the_parts_only() {
    let bytes = example().write().unwrap();
    let mut shuffled = example();
    shuffled.sources.reverse();
    assert_eq!(shuffled.write().unwrap(), bytes);
    // Fixed here so that a change of the compressor or of a header is noticed: it changes the
    // digest of every bundle that is built again.
    assert_eq!(
        digest(&bytes).to_string(),
        "sha256:7e155aae22b359ef47839c6a8a88a55fe319c063c1bbdf0e5213d6bbdae657e8"
    );
    // No time, no name, unknown system.
    assert_eq!(bytes[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
}

#[test]
fn digests_are_those_of_the_files() {
    let bundle = example();
    assert_eq!(bundle.data_digest(), digest(br#"{"roles": {"alice": ["admin"], "n": 1.00}}"#));
    assert_eq!(bundle.module_digest(), Some(digest(b"\0asm\x01\0\0\0")));
    assert_eq!(Bundle::default().module_digest(), None);
}

#[test]
fn names_longer_than_a_tar_header_survive() {
    let path = format!("/{}/policy.rego", "folder".repeat(60));
    let bundle = Bundle {
        sources: vec![Source { path, text: "package x\n".to_owned() }],
        ..Bundle::default()
    };
    assert_eq!(Bundle::read(&bundle.write().unwrap()).unwrap(), bundle);
}

#[test]
fn archives_packed_by_hand_are_read() {
    let files = gzip(&tar(&[
        ("./", tar::EntryType::Directory, b""),
        ("./authz/", tar::EntryType::Directory, b""),
        ("./authz/policy.rego", tar::EntryType::Regular, b"package authz"),
        ("data.json", tar::EntryType::Regular, b" {\"a\": 1}\n"),
    ]));
    let bundle = Bundle::read(&files).unwrap();
    assert_eq!(bundle.sources[0].path, "/authz/policy.rego");
    assert_eq!(bundle.data.get(), "{\"a\": 1}");
    assert_eq!(bundle.manifest.roots, [""]);
}

#[test]
fn data_files_are_merged_at_their_paths() {
    check_data(&[("/data.json", r#"{"a": 1.0}"#)], r#"{"a": 1.0}"#);
    check_data(&[("/a/b/data.json", "[1, 2]")], r#"{"a":{"b":[1, 2]}}"#);
    check_data(
        &[
            ("/a/data.json", r#"{"x": {"k": 1}}"#),
            ("/data.json", r#"{"a": {"y": 2}, "b": "\u00e9"}"#),
            ("/a/x/data.yaml", "l: [3, true]"),
        ],
        r#"{"a":{"x":{"k":1,"l":[3,true]},"y":2},"b":"\u00e9"}"#,
    );
    check_data(&[("/a\"b/data.yml", "2024-01-01")], r#"{"a\"b":"2024-01-01"}"#);
    check_data(&[], "{}");
}

#[test]
fn contradicting_data_is_refused() {
    let check = |files: &[(&str, &str)], expected: &str| check_refused(&archive(files), expected);
    check(&[("/data.json", "[]")], "`/data.json` must hold a JSON object");
    check(&[("/data.json", "{} {}")], "`/data.json` is not JSON");
    check(&[("/data.yaml", "a: [")], "`/data.yaml` is not YAML");
    check(
        &[("/a/data.json", "1"), ("/data.json", r#"{"a": 1}"#)],
        "`/data.json` gives a value for `data.a`",
    );
    check(
        &[("/data.json", r#"{"a": {"b": {}}}"#), ("/a/b/data.json", "2")],
        "gives a value for `data.a.b`",
    );
    check(
        &[("/.manifest", r#"{"roots": ["a/b"]}"#), ("/data.json", r#"{"a": {"b": 1, "c": 2}}"#)],
        r#"the manifest's roots ["a/b"] do not cover `data.a.c`"#,
    );
    check(
        &[("/data.json", r#"{"x": 1}"#), ("/.manifest", r#"{"roots": ["a"]}"#)],
        "do not cover `data.x`",
    );
}

#[test]
fn data_stays_under_the_roots() {
    let check = |data: &str, expected: Option<&str>| {
        let manifest = r#"{"roots": ["a/b", "a-b/c", "d", "e/f/g"]}"#;
        let bytes = archive(&[("/.manifest", manifest), ("/data.json", data)]);
        match expected {
            None => drop(Bundle::read(&bytes).unwrap()),
            Some(path) => check_refused(&bytes, &format!("do not cover `data.{path}`")),
        }
    };
    check(r#"{"a": {"b": [1, {"x": null}]}, "d": 7, "a-b": {}, "e": {"f": {"g": 1}}}"#, None);
    check(r#"{"a": {"b": 1, "c": 2}}"#, Some("a.c"));
    check(r#"{"e": {"f": [{"g": 1}]}}"#, Some("e.f"));
    for scalar in ["null", "true", "1", "-1", "1.5", "\"x\"", "[]"] {
        check(&format!(r#"{{"d": 1, "a": {scalar}}}"#), Some("a"));
    }
    check(r#"{"a/b": 1}"#, Some("a.b"));
    check(r#"{"dd": {}}"#, Some("dd"));
}

/// A path to a root is read once, however long it is: what is read again at each level adds up.
#[test]
fn a_long_way_to_a_root_costs_no_more_than_the_text() {
    let (levels, filling) = (100, "7,".repeat(1 << 20));
    let root = vec!["a"; levels].join("/");
    let data = format!("{}[{filling}7]{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    let bytes =
        archive(&[("/.manifest", &format!(r#"{{"roots": ["{root}"]}}"#)), ("/data.json", &data)]);
    assert_eq!(Bundle::read(&bytes).unwrap().data.get().len(), data.len());
    let deep = format!("{}1{}", r#"{"a":"#.repeat(1_000), "}".repeat(1_000));
    let manifest = format!(r#"{{"roots": ["{}"]}}"#, vec!["a"; 500].join("/"));
    check_refused(&archive(&[("/.manifest", &manifest), ("/data.json", &deep)]), "recursion limit");
}

/// Many files, each with its own key of one object.
#[test]
fn many_data_files_take_no_longer_than_they_are_long() {
    let names: Vec<String> = (0..16_000).map(|n| format!("/a/b{n}/data.json")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "{}")).collect();
    let bundle = Bundle::read(&archive(&files)).unwrap();
    assert!(bundle.data.get().starts_with(r#"{"a":{"b0":{},"b1":{},"b10":{}"#));
}

#[test]
fn two_files_cannot_meet_deeper_than_the_stack_is() {
    let deep = |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    let files = [("/data.json", deep(100_000)), ("/data.yaml", format!("a: {}", deep(20)))];
    check_refused(
        &archive(&files.each_ref().map(|(name, text)| (*name, text.as_str()))),
        "gives a value for `data.a",
    );
    let files = [("/data.json", deep(300)), ("/a/data.json", deep(299))];
    check_refused(
        &archive(&files.each_ref().map(|(name, text)| (*name, text.as_str()))),
        "more than 128 levels deep",
    );
}

#[test]
fn yaml_that_repeats_itself_without_end_is_refused() {
    let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let ten = vec![format!("*a{}", level - 1); 10].join(", ");
        yaml.push_str(&format!("a{level}: &a{level} [{ten}]\n"));
    }
    check_refused(&archive(&[("/data.yaml", &yaml)]), "`/data.yaml` is not YAML");
    let deep = format!("a: {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    check_refused(&archive(&[("/data.yaml", &deep)]), "`/data.yaml` is not YAML");
}

#[test]
fn a_manifest_must_fit_the_files() {
    let manifest =
        |module: &str| format!(r#"{{"wasm": [{{"entrypoint": "a", "module": "{module}"}}]}}"#);
    let with = |module: &str, files: &[(&str, &str)]| {
        let manifest = manifest(module);
        let all: Vec<_> =
            files.iter().copied().chain([("/.manifest", manifest.as_str())]).collect();
        archive(&all)
    };
    assert!(Bundle::read(&with("policy.wasm", &[("/policy.wasm", "x")])).is_ok());
    check_refused(
        &with("/policy.wasm", &[]),
        "entrypoint `a` is in `/policy.wasm`, which is not the bundle's module",
    );
    check_refused(&with("/b.wasm", &[("/policy.wasm", "x"), ("/b.wasm", "y")]), "is in `/b.wasm`");
    check_refused(&archive(&[("/.manifest", "{}{}")]), "`/.manifest` is not a manifest");
    check_refused(
        &archive(&[("/.manifest", r#"{"roots": "a"}"#)]),
        "`/.manifest` is not a manifest",
    );
    check_refused(&archive(&[("/.manifest.pb", "")]), "the manifest is in Protobuf");
    check_refused(&archive(&[("/patch.json", "{}")]), "this is a delta bundle");
}

#[test]
fn sources_must_be_text() {
    let bytes = gzip(&tar(&[("/a.rego", tar::EntryType::Regular, b"package \xff")]));
    check_refused(&bytes, "the source `/a.rego` is not UTF-8 text");
}

#[test]
fn entries_that_are_not_files_are_refused() {
    for kind in [
        tar::EntryType::Symlink,
        tar::EntryType::Link,
        tar::EntryType::Char,
        tar::EntryType::Block,
        tar::EntryType::Fifo,
        tar::EntryType::Continuous,
        tar::EntryType::GNUSparse,
        tar::EntryType::XGlobalHeader,
        tar::EntryType::new(b'Z'),
    ] {
        let error = unpack(&gzip(&tar(&[("/x", kind, b"")])), &Limits::default());
        assert!(error.is_err(), "{kind:?}");
    }
    check_refused(
        &gzip(&tar(&[("/x", tar::EntryType::Symlink, b"")])),
        "`/x` is not a regular file",
    );
}

#[test]
fn names_that_lead_out_or_repeat_are_refused() {
    for name in ["../x", "/a/../../x", "/a//b", "a\\b", "/", "a\nb", "C:\\x"] {
        check_refused(&archive(&[(name, "")]), "is not accepted");
    }
    check_refused(&archive(&[("/x", ""), ("./x", "")]), "the file `/x` is there twice");
}

#[test]
fn only_one_whole_archive_is_accepted() {
    let good = example().write().unwrap();
    check_refused(b"", "not a gzip archive");
    check_refused(b"PK\x03\x04", "not a gzip archive");
    check_refused(&good[..good.len() - 1], "the gzip stream is damaged");
    check_refused(&[&good[..], b"x"].concat(), "1 bytes follow the end of the gzip stream");
    check_refused(&[&good[..], &good[..]].concat(), "follow the end of the gzip stream");
    let file = tar(&[("/x", tar::EntryType::Regular, b"1")]);
    let other = tar(&[("/data.json", tar::EntryType::Regular, b"{}")]);
    check_refused(
        &gzip(&[&file[..], &other[..]].concat()),
        "the tar archive has data after its end",
    );
    check_refused(&gzip(&file[..512]), "the tar archive is damaged");
    check_refused(&gzip(&[1; 1024]), "the tar archive is damaged");
}

#[test]
fn limits_hold() {
    let bytes = archive(&[("/a", "12345"), ("/b", "12345")]);
    let limits = Limits { files: 2, file_bytes: 5, total_bytes: 4096 };
    let refused = |limits| unpack(&bytes, &limits).unwrap_err().to_string();
    assert_eq!(unpack(&bytes, &limits).unwrap().len(), 2);
    assert_eq!(refused(Limits { files: 1, ..limits }), "more than 1 files");
    assert_eq!(refused(Limits { file_bytes: 4, ..limits }), "the file `/a` is larger than 4 bytes");
    assert_eq!(
        refused(Limits { total_bytes: 2048, ..limits }),
        "the archive unpacks to more than 2048 bytes"
    );
    // A bomb: 64 MiB of zeros in 64 KiB.
    let bomb = gzip(&vec![0; 64 << 20]);
    let small = Limits { total_bytes: 1 << 20, ..limits };
    assert!(bomb.len() < 400_000);
    assert_eq!(
        unpack(&bomb, &small).unwrap_err().to_string(),
        "the archive unpacks to more than 1048576 bytes"
    );
}

#[test]
fn a_header_that_lies_about_its_size_is_refused() {
    let mut lying = tar(&[("/a", tar::EntryType::Regular, b"x")]);
    let mut header = tar::Header::new_ustar();
    header.as_mut_bytes().copy_from_slice(&lying[..512]);
    header.set_size(u64::MAX / 2);
    header.set_cksum();
    lying[..512].copy_from_slice(header.as_bytes());
    assert!(Bundle::read(&gzip(&lying)).is_err());
}

#[test]
fn bundles_that_could_not_be_read_are_not_written() {
    let source = |path: &str| Source { path: path.to_owned(), text: String::new() };
    let check = |sources: Vec<Source>, expected: &str| {
        let error = Bundle { sources, ..Bundle::default() }.write().unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(vec![source("../a.rego")], "the file name `../a.rego` cannot be used in a bundle");
    check(
        vec![source("/a.rego"), source("a.rego")],
        "two files of the bundle are called `/a.rego`",
    );
    check(vec![source("/data.json")], "two files of the bundle are called `/data.json`");
}

#[test]
fn a_flipped_bit_is_refused_or_without_effect() {
    let original = example();
    let bytes = original.write().unwrap();
    for position in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[position] ^= 1 << bit;
            // A flip may be without effect: in a field of the header that says nothing of the
            // content, or where it makes the compressor repeat an equal run from elsewhere.
            if let Ok(read) = Bundle::read(&changed) {
                assert_eq!(read, original, "bit {bit} of byte {position}");
            }
        }
    }
}

#[test]
fn a_flipped_byte_inside_the_tar_never_panics() {
    let bytes = example().write().unwrap();
    let mut tar = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut tar).unwrap();
    let mut n_refused = 0;
    for position in 0..tar.len() {
        let mut changed = tar.clone();
        changed[position] ^= 0x80;
        n_refused += usize::from(Bundle::read(&gzip(&changed)).is_err());
    }
    // All of the headers are checked; file contents are not the container's business.
    assert!(n_refused > 7 * 512, "{n_refused}");
}

proptest! {
    #[test]
    fn arbitrary_files_survive_a_round_trip(
        module in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..600)),
        texts in proptest::collection::btree_map("[a-z]{1,8}(/[a-z .é]{1,9}x){0,2}", ".{0,80}", 0..6),
        revision in ".{0,20}",
    ) {
        let sources = texts.into_iter().map(|(name, text)| Source { path: format!("/{name}.rego"), text }).collect();
        let manifest = Manifest { revision, ..Manifest::default() };
        let mut bundle = Bundle { manifest, module, sources, ..Bundle::default() };
        bundle.sources.sort();
        prop_assert_eq!(Bundle::read(&bundle.write().unwrap()).unwrap(), bundle);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(Bundle::read(&bytes).is_err());
        let _ = Bundle::read(&gzip(&bytes));
    }
}
