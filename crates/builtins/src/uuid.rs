//! `uuid.parse`

use palisade_value::{AnyValue, Entry};

use crate::context::Context;
use crate::failure::Failure;
use crate::hex;
use crate::operands::Operands;

/// What a UUID says: version, variant, and of time-based ones time, node and clock. Undefined if it is none.
pub fn uuid_parse<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let id = Uuid::parse(args.string(0)?).ok_or(Failure::Undefined)?;
    let mut fields = Fields::default();
    fields.add("version", V::integer(id.field(76, 4)));
    fields.add("variant", V::text(id.variant()));
    if matches!(id.field(76, 4), 1 | 2) {
        fields.add("time", V::integer(id.time_ns()));
        fields.add("nodeid", V::string(id.node()));
        fields.add("macvariables", V::text(id.node_kind()));
        fields.add("clocksequence", V::integer(id.field(48, 14)));
    }
    if id.field(76, 4) == 2 {
        fields.add("id", V::integer(id.field(96, 32)));
        fields.add("domain", V::string(id.domain()));
    }
    Ok(V::object(fields.entries))
}

struct Fields<V> {
    entries: Vec<Entry<V>>,
}

impl<V> Default for Fields<V> {
    fn default() -> Fields<V> {
        Fields { entries: Vec::new() }
    }
}

impl<V: AnyValue> Fields<V> {
    fn add(&mut self, key: &str, value: V) {
        self.entries.push(Entry { key: V::text(key), value });
    }
}

/// 128 bits, the first byte on top.
struct Uuid(u128);

impl Uuid {
    /// Plain, in braces, behind `urn:uuid:`, or only digits.
    fn parse(text: &str) -> Option<Uuid> {
        let prefix = text.get(..9).filter(|it| it.eq_ignore_ascii_case("urn:uuid:"));
        let text = match (text.len(), prefix) {
            (45, Some(_)) => text.get(9..)?,
            (38, _) => text.strip_prefix('{')?.strip_suffix('}')?,
            _ => text,
        };
        let digits = match text.len() {
            32 => text.to_owned(),
            36 if [8, 13, 18, 23].iter().all(|at| text.as_bytes().get(*at) == Some(&b'-')) => {
                text.replace('-', "")
            }
            _ => return None,
        };
        let only_digits = digits.len() == 32 && digits.bytes().all(|it| it.is_ascii_hexdigit());
        u128::from_str_radix(&digits, 16).ok().filter(|_| only_digits).map(Uuid)
    }

    fn field(&self, shift: u32, n_bits: u32) -> i64 {
        ((self.0 >> shift) & ((1 << n_bits) - 1)) as i64
    }

    fn variant(&self) -> &'static str {
        match self.field(61, 3) {
            0b100 | 0b101 => "RFC4122",
            0b110 => "Microsoft",
            0b111 => "Future",
            _ => "Reserved",
        }
    }

    /// Nanoseconds since 1970; the UUID counts tenths of microseconds since the Gregorian calendar began.
    fn time_ns(&self) -> i64 {
        const BEGIN_1582: i64 = 122_192_928_000_000_000;
        let ticks = self.field(96, 32) | self.field(80, 16) << 32 | self.field(64, 12) << 48;
        (ticks - BEGIN_1582).wrapping_mul(100)
    }

    fn node_bytes(&self) -> [u8; 6] {
        let [.., a, b, c, d, e, f] = self.0.to_be_bytes();
        [a, b, c, d, e, f]
    }

    fn node(&self) -> String {
        self.node_bytes().map(|it| hex::encode(&[it])).join("-")
    }

    fn node_kind(&self) -> &'static str {
        match self.node_bytes()[0] & 0b11 {
            0b11 => "local:multicast",
            0b01 => "global:multicast",
            0b10 => "local:unicast",
            _ => "global:unicast",
        }
    }

    fn domain(&self) -> String {
        match self.field(48, 8) {
            0 => "Person".to_owned(),
            1 => "Group".to_owned(),
            2 => "Org".to_owned(),
            other => ["Domain", &other.to_string()].concat(),
        }
    }
}
