//! Responses that are kept from one decision to the next.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use palisade_value::{AnyValue, Entry, Value, json};

use super::response::Response;

/// The most memory that responses take, in bytes.
const BYTES_MAX: usize = 64 << 20;

/// What an entry takes besides its key and response, about.
const ENTRY_BYTES: usize = 256;

/// Responses by request.
#[derive(Debug, Default)]
pub(super) struct Cache {
    kept: Mutex<Kept>,
}

/// A response and how long it may be used.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) response: Response,
    pub(super) expires: SystemTime,
}

impl Stored {
    /// Whether the response may be used as it is.
    pub(super) fn is_fresh(&self) -> bool {
        SystemTime::now() < self.expires
    }
}

#[derive(Debug, Default)]
struct Kept {
    by_request: BTreeMap<String, Stored>,
    /// The requests, the one that was kept first in front.
    order: VecDeque<String>,
    bytes: usize,
}

/// What requests are told apart by: everything but the headers that one says are to be ignored.
pub(super) fn key(request: &Value) -> String {
    let Value::Object(entries) = request else { return json::to_json(request) };
    let ignored = request.get_str("cache_ignored_headers").unwrap_or(Value::Null);
    let is_ignored = |key: &Value| ignored.items().contains(key);
    let without = |entry: &Entry<Value>| match (entry.key.as_str(), &entry.value) {
        (Some("cache_ignored_headers"), _) => None,
        (Some("headers"), Value::Object(headers)) => {
            let left = headers.iter().filter(|it| !is_ignored(&it.key)).cloned().collect();
            Some(Entry { key: entry.key.clone(), value: Value::object(left) })
        }
        _ => Some(entry.clone()),
    };
    json::to_json(&Value::object(entries.iter().filter_map(without).collect()))
}

impl Cache {
    /// The response to a request, fresh or not.
    pub(super) fn get(&self, key: &str) -> Option<Stored> {
        self.lock().by_request.get(key).cloned()
    }

    /// Keeps a response, in the place of those that were kept first if there are too many.
    pub(super) fn put(&self, key: String, stored: Stored) {
        let mut kept = self.lock();
        kept.remove(&key);
        kept.bytes += size(&key, &stored);
        kept.order.push_back(key.clone());
        kept.by_request.insert(key, stored);
        while kept.bytes > BYTES_MAX
            && let Some(oldest) = kept.order.front().cloned()
        {
            kept.remove(&oldest);
        }
    }

    /// Forgets the response to a request.
    pub(super) fn remove(&self, key: &str) {
        self.lock().remove(key);
    }

    /// Nothing panics while the lock is held but for want of memory.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn remove(&mut self, key: &str) {
        if let Some(stored) = self.by_request.remove(key) {
            self.bytes = self.bytes.saturating_sub(size(key, &stored));
            self.order.retain(|it| it != key);
        }
    }
}

fn size(key: &str, stored: &Stored) -> usize {
    2 * key.len() + stored.response.size() + ENTRY_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(n_bytes: usize) -> Stored {
        let response = Response { status: 200, headers: Vec::new(), body: vec![0; n_bytes] };
        Stored { response, expires: SystemTime::UNIX_EPOCH }
    }

    #[test]
    fn what_was_kept_first_makes_room() {
        let cache = Cache::default();
        for key in ["a", "b", "c"] {
            cache.put(key.to_owned(), stored(BYTES_MAX / 3));
        }
        assert!(cache.get("a").is_none() && cache.get("b").is_some() && cache.get("c").is_some());
        cache.put("b".to_owned(), stored(1));
        cache.remove("c");
        let kept = cache.lock();
        assert_eq!((kept.bytes, kept.order.len()), (size("b", &stored(1)), 1));
    }

    #[test]
    fn ignored_headers_tell_no_requests_apart() {
        let of = |text: &str| key(&json::parse(text).expect("JSON"));
        let trace = |id: u32| {
            of(&format!(
                r#"{{"headers": {{"x-trace": "{id}", "a": "b"}}, "cache_ignored_headers": ["x-trace"]}}"#
            ))
        };
        assert_eq!(trace(1), trace(2));
        assert_eq!(trace(1), r#"{"headers":{"a":"b"}}"#);
        assert_ne!(of(r#"{"headers": {"a": "b"}}"#), of(r#"{"headers": {"a": "c"}}"#));
    }
}
