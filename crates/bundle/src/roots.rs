//! Whether data stays under the roots that a manifest owns.
//!
//! The text is read once, from front to back, and nothing of it is kept: subtrees that a root owns are skipped.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::data::DataError;
use crate::manifest::Manifest;

/// Refuses data that lies under none of the manifest's roots.
pub(crate) fn check(data: &RawValue, manifest: &Manifest) -> Result<(), DataError> {
    if manifest.owns("") {
        return Ok(());
    }
    let roots = manifest.roots.iter().map(String::as_str).collect();
    let outside = RefCell::new(None);
    let top = Place { path: String::new(), roots: &roots, outside: &outside };
    let read = top.deserialize(&mut serde_json::Deserializer::from_str(data.get()));
    let (Err(error), path) = (read, outside.take()) else { return Ok(()) };
    Err(match path {
        Some(path) => {
            DataError::OutsideRoots { path: path.replace('/', "."), roots: manifest.roots.clone() }
        }
        None => DataError::Json { name: "/data.json".to_owned(), source: error },
    })
}

/// A document that no root owns: it must be an object that leads to roots.
struct Place<'a> {
    path: String,
    roots: &'a BTreeSet<&'a str>,
    /// Where the place goes that is neither owned nor leads to a root; errors of a parser carry text only.
    outside: &'a RefCell<Option<String>>,
}

impl Place<'_> {
    fn leads_to_a_root(&self) -> bool {
        let below = format!("{}/", self.path);
        self.path.is_empty()
            || self
                .roots
                .range(below.as_str()..)
                .next()
                .is_some_and(|root| root.starts_with(&below))
    }

    fn refuse<E: de::Error>(self) -> E {
        self.outside.replace(Some(self.path));
        E::custom("outside the roots")
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.leads_to_a_root() {
            true => deserializer.deserialize_any(self),
            false => Err(self.refuse()),
        }
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object that leads to a root")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let has_slash = key.contains('/');
            let path = match self.path.as_str() {
                "" => key,
                above => format!("{above}/{key}"),
            };
            let place = Place { path, ..self };
            if has_slash {
                // It reads like a path, and no path leads to it.
                return Err(place.refuse());
            } else if self.roots.contains(place.path.as_str()) {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(place)?;
            }
        }
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        Err(self.refuse())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        Err(self.refuse())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        Err(self.refuse())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        Err(self.refuse())
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        Err(self.refuse())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Err(self.refuse())
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(self.refuse())
    }
}
