//! A directory that only this user can write, held open, and its files.
//!
//! Every access goes through the open directory, so that nobody can put another in its place after it was checked.

use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;

use rustix::fs::{CWD, Mode, OFlags, Stat, fstat, openat, renameat, unlinkat};

use super::CacheError;

/// An open directory. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Dir {
    fd: Arc<OwnedFd>,
}

impl Dir {
    /// Opens a directory, and makes it when it is not there. Nobody else may write to it, or to the one that holds it.
    pub(super) fn open(path: &Path) -> Result<Dir, CacheError> {
        let io = |cause| CacheError::Io { dir: path.to_owned(), cause };
        create_private(path).map_err(io)?;
        let parent = match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let name = path.file_name().ok_or_else(|| CacheError::NotDirectory(path.to_owned()))?;
        let directory = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let outer = openat(CWD, parent, directory, Mode::empty()).map_err(|it| io(it.into()))?;
        refuse_others(parent, holder_of(&fstat(&outer).map_err(|it| io(it.into()))?))?;
        let flags = directory | OFlags::NOFOLLOW;
        let fd = openat(&outer, name, flags, Mode::empty()).map_err(|error| match error {
            rustix::io::Errno::NOTDIR | rustix::io::Errno::LOOP => {
                CacheError::NotDirectory(path.to_owned())
            }
            other => io(other.into()),
        })?;
        refuse_others(path, who_else_writes(&fstat(&fd).map_err(|it| io(it.into()))?))?;
        Ok(Dir { fd: Arc::new(fd) })
    }

    /// A file's contents, if it is a regular file that only this user can have written.
    pub(super) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = openat(self.fd.as_fd(), name, flags, Mode::empty())?;
        let stat = fstat(&fd)?;
        let is_file = rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file();
        if !is_file || who_else_writes(&stat).is_some() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let mut contents = Vec::new();
        File::from(fd).read_to_end(&mut contents)?;
        Ok(contents)
    }

    /// Writes a file beside and renames it, so that a reader finds it whole or not at all.
    pub(super) fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        let beside = format!("{name}.{:016x}", RandomState::new().hash_one(name));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let fd = openat(self.fd.as_fd(), &*beside, flags, Mode::RUSR | Mode::WUSR)?;
        let written = write_all(fd.into(), parts)
            .and_then(|()| Ok(renameat(self.fd.as_fd(), &*beside, self.fd.as_fd(), name)?));
        if written.is_err() {
            // What failed is what the caller is told; that the rest of it stays as well changes nothing.
            let _ = unlinkat(self.fd.as_fd(), &*beside, rustix::fs::AtFlags::empty());
        }
        written
    }
}

fn write_all(mut file: File, parts: &[&[u8]]) -> io::Result<()> {
    parts.iter().try_for_each(|part| file.write_all(part))
}

fn create_private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

fn refuse_others(dir: &Path, reason: Option<String>) -> Result<(), CacheError> {
    match reason {
        None => Ok(()),
        Some(reason) => Err(CacheError::Unsafe { dir: dir.to_owned(), reason }),
    }
}

/// Who other than this user can write.
fn who_else_writes(stat: &Stat) -> Option<String> {
    let user = rustix::process::geteuid().as_raw();
    if stat.st_uid != user {
        return Some(format!(
            "it belongs to user {}, and this process is user {user}",
            stat.st_uid
        ));
    }
    let mode = stat.st_mode & 0o7777;
    (mode & 0o022 != 0).then(|| format!("its mode is {mode:04o}, which should be 0700"))
}

/// Who other than this user and root can replace what the directory holds. Where the sticky bit is set, as in `/tmp`,
/// only owners can.
fn holder_of(stat: &Stat) -> Option<String> {
    const STICKY: u32 = 0o1000;
    const ROOT: u32 = 0;
    if stat.st_uid == ROOT && (stat.st_mode & 0o022 == 0 || stat.st_mode & STICKY != 0) {
        return None;
    }
    who_else_writes(stat)
}
