//! The cache of compiled code: what it gives back, and what it refuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;

use palisade_sandbox::{Cache, CacheError, Engine, EngineOptions, LoadOptions, Module};

use crate::wat::{ask, bytes, constant, engine, load_with};

fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(dir).expect("a directory").map(|it| it.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn load_cached(text: &str, cache: &Cache) -> Module {
    load_with(text, LoadOptions { cache: Some(cache), ..LoadOptions::default() })
        .expect("a module that loads")
}

fn temporary() -> (tempfile::TempDir, PathBuf, Cache) {
    let parent = tempfile::tempdir().expect("a directory");
    let dir = parent.path().join("a/cache");
    let cache = Cache::open(&dir).expect("a cache");
    (parent, dir, cache)
}

#[test]
fn compiled_code_is_kept_and_used() {
    let (_parent, dir, cache) = temporary();
    let text = constant(r#"{"result":1}"#);
    for _ in 0..2 {
        assert_eq!(ask(&load_cached(&text, &cache), "{}").expect("a decision").result(), Some("1"));
        assert_eq!(entries(&dir).len(), 1);
    }
    // An entry that stays as it is was used; one that was not would have been written anew.
    let [path] = &entries(&dir)[..] else { panic!("expected one entry") };
    let before = inode(path);
    load_cached(&text, &cache);
    assert_eq!(inode(path), before);
}

#[test]
fn an_entry_of_another_module_is_not_used() {
    let (_parent, dir, cache) = temporary();
    let text = constant(r#"{"result":1}"#);
    load_cached(&text, &cache);
    let [first] = &entries(&dir)[..] else { panic!("expected one entry") };
    load_cached(&constant(r#"{"result":2}"#), &cache);
    let both = entries(&dir);
    let second = both.iter().find(|path| *path != first).expect("another entry");
    fs::copy(second, first).expect("writable");
    assert_eq!(ask(&load_cached(&text, &cache), "{}").expect("a decision").result(), Some("1"));
    assert_ne!(fs::read(first).expect("readable"), fs::read(second).expect("readable"));
}

#[cfg(unix)]
#[test]
fn an_entry_that_others_can_have_written_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let (_parent, dir, cache) = temporary();
    let text = constant(r#"{"result":1}"#);
    load_cached(&text, &cache);
    let [path] = &entries(&dir)[..] else { panic!("expected one entry") };
    for mode in [0o666, 0o620, 0o602] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("own file");
        let before = inode(path);
        load_cached(&text, &cache);
        assert_ne!(inode(path), before, "{mode:o}: it was compiled again");
    }
    let elsewhere = dir.with_file_name("elsewhere");
    fs::rename(path, &elsewhere).expect("own file");
    std::os::unix::fs::symlink(&elsewhere, path).expect("a link");
    load_cached(&text, &cache);
    assert!(!fs::symlink_metadata(path).expect("an entry").is_symlink(), "a link was followed");
}

#[cfg(unix)]
fn inode(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(path).expect("an entry").ino()
}

#[test]
fn damaged_entries_are_compiled_again() {
    let (_parent, dir, cache) = temporary();
    let text = constant(r#"{"result":1}"#);
    load_cached(&text, &cache);
    let [path] = &entries(&dir)[..] else { panic!("expected one entry") };
    let whole = fs::read(path).expect("readable");
    let damages: [Vec<u8>; 4] =
        [Vec::new(), whole[..40].to_vec(), whole[..whole.len() - 1].to_vec(), {
            let mut changed = whole.clone();
            let middle = changed.len() / 2;
            changed[middle] ^= 0xff;
            changed
        }];
    for damaged in damages {
        fs::write(path, &damaged).expect("writable");
        assert_eq!(ask(&load_cached(&text, &cache), "{}").expect("a decision").result(), Some("1"));
        let repaired = fs::read(path).expect("readable");
        assert_ne!(repaired, damaged);
        assert_eq!(repaired.len(), whole.len());
    }
}

#[test]
fn engines_with_other_settings_have_their_own_entries() {
    let (_parent, dir, cache) = temporary();
    let module = bytes(&constant(r#"{"result":1}"#));
    let metering =
        Engine::new(&EngineOptions { fuel: true, ..EngineOptions::default() }).expect("an engine");
    for engine in [engine(), &metering] {
        let options = LoadOptions { cache: Some(&cache), ..LoadOptions::default() };
        Module::load(engine, &module, options).expect("a module that loads");
    }
    assert_eq!(entries(&dir).len(), 2);
}

#[test]
fn refused_modules_are_not_kept() {
    let (_parent, dir, cache) = temporary();
    let options = LoadOptions { cache: Some(&cache), ..LoadOptions::default() };
    load_with(r#"(module (import "env" "f" (func)))"#, options)
        .expect_err("a module with an import");
    assert!(entries(&dir).is_empty());
}

#[test]
fn many_writers_leave_one_whole_entry() {
    let (_parent, dir, cache) = temporary();
    let text = constant(r#"{"result":1}"#);
    let barrier = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                barrier.wait();
                for _ in 0..5 {
                    assert_eq!(
                        ask(&load_cached(&text, &cache), "{}").expect("a decision").result(),
                        Some("1")
                    );
                }
            });
        }
    });
    assert_eq!(entries(&dir).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_directory_that_others_can_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let (_parent, dir, _cache) = temporary();
    assert_eq!(fs::metadata(&dir).expect("a directory").permissions().mode() & 0o777, 0o700);
    for mode in [0o770, 0o707, 0o777, 0o722] {
        fs::set_permissions(&dir, fs::Permissions::from_mode(mode)).expect("own directory");
        let refusal = Cache::open(&dir).expect_err("an unsafe directory");
        assert!(matches!(&refusal, CacheError::Unsafe { .. }), "{refusal}");
        assert!(refusal.to_string().contains(&format!("{mode:04o}")), "{refusal}");
    }
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).expect("own directory");
    Cache::open(&dir).expect("a directory that others can only read");
}

#[cfg(unix)]
#[test]
fn a_directory_that_others_can_replace_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let (parent, dir, cache) = temporary();
    let holder = parent.path().join("a");
    for mode in [0o770, 0o777] {
        fs::set_permissions(&holder, fs::Permissions::from_mode(mode)).expect("own directory");
        let refusal = Cache::open(&dir).expect_err("an unsafe directory");
        assert!(matches!(&refusal, CacheError::Unsafe { dir, .. } if *dir == holder), "{refusal}");
    }
    // A cache that is open stays with the directory that was checked, whatever is put in its place.
    let moved = parent.path().join("moved");
    fs::rename(&dir, &moved).expect("own directory");
    fs::create_dir(&dir).expect("own directory");
    load_cached(&constant("{}"), &cache);
    assert_eq!((entries(&dir).len(), entries(&moved).len()), (0, 1));
}

#[cfg(unix)]
#[test]
fn a_file_or_a_link_is_not_a_directory() {
    let (parent, dir, _cache) = temporary();
    let file = parent.path().join("file");
    fs::write(&file, "").expect("writable");
    assert!(Cache::open(&file).is_err());
    let link = parent.path().join("link");
    std::os::unix::fs::symlink(&dir, &link).expect("a link");
    assert!(matches!(Cache::open(&link), Err(CacheError::NotDirectory(_))));
}
