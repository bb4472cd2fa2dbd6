//! Names of files in a bundle: absolute, `/`-separated, without anything that could lead out of it.

/// The longest name that is accepted, in bytes; longer ones serve no policy and fill messages.
const NAME_BYTES_MAX: usize = 1024;

/// Brings a name to its one spelling, `/dir/file`, or says what is wrong with it.
///
/// Archives that were packed by hand write `./dir/file` or `dir/file` for the same file.
pub(crate) fn normalize(name: &str) -> Result<String, &'static str> {
    if name.len() > NAME_BYTES_MAX {
        return Err("it is longer than 1024 bytes");
    }
    let relative = name.strip_prefix("./").or(name.strip_prefix('/')).unwrap_or(name);
    if relative.chars().any(|char| char.is_control() || char == '\\') {
        return Err("it contains a control character or a backslash");
    }
    for component in relative.split('/') {
        match component {
            "" => return Err("it has an empty component"),
            "." | ".." => return Err("it has a `.` or `..` component"),
            _ => {}
        }
    }
    Ok(format!("/{relative}"))
}

/// The folder part and the file part of a normalized name: `/a/b/data.json` → (`a/b`, `data.json`).
pub(crate) fn split(name: &str) -> (&str, &str) {
    let relative = name.strip_prefix('/').unwrap_or(name);
    relative.rsplit_once('/').unwrap_or(("", relative))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_each_file() {
        for name in ["/a/b.rego", "a/b.rego", "./a/b.rego"] {
            assert_eq!(normalize(name).as_deref(), Ok("/a/b.rego"));
        }
        assert_eq!(normalize("..a/b..").as_deref(), Ok("/..a/b.."));
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let long = "a".repeat(NAME_BYTES_MAX + 1);
        for name in [
            "", "/", "..", "/../a", "a/../b", "a//b", "//a", "a/", "a/./b", "././a", "a\\b",
            "a\0b", "a\nb", &long,
        ] {
            assert!(normalize(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn folder_and_file_are_told_apart() {
        assert_eq!(split("/data.json"), ("", "data.json"));
        assert_eq!(split("/a/b/data.json"), ("a/b", "data.json"));
    }
}
