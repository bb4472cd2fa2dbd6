//! A pattern's tables: its automata made by `regex-automata`, written in the layout of
//! [`palisade_builtins::regexes::tables`].

use std::collections::BTreeMap;

use palisade_builtins::regexes::tables::Before;
use palisade_builtins::regexes::translate;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::util::syntax;
use regex_automata::{Anchored, MatchKind};

/// What is asked of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    /// Whether it occurs.
    Occurrence,
    /// Where it occurs.
    Places,
    /// Where it and its groups occur: only for patterns that have none.
    PlacesWithoutGroups,
}

/// Automata with more states than this are not made smallest: it takes long.
const MINIMIZE_MAX: usize = 500;
/// While an automaton is made it may take this much memory.
const BUILD_BYTES_MAX: usize = 8 << 20;
/// Tables larger than this are not worth their place in the module.
const TABLE_BYTES_MAX: usize = 128 << 10;

/// The tables of a pattern; `None` if it is no pattern, or can't be had as tables of a reasonable size.
pub(super) fn tables(pattern: &str, wanted: Wanted) -> Option<Vec<u8>> {
    let pattern = translate(pattern)?;
    let hir = syntax::parse(&pattern).ok()?;
    if wanted == Wanted::PlacesWithoutGroups && hir.properties().explicit_captures_len() > 0 {
        return None;
    }
    let forward = automaton(&pattern, Direction::Forward)?;
    let reverse = match wanted {
        Wanted::Occurrence => Vec::new(),
        _ => automaton(&pattern, Direction::Reverse)?,
    };
    let mut tables = Vec::new();
    for length in [forward.len(), reverse.len()] {
        tables.extend(u32::try_from(length).ok()?.to_le_bytes());
    }
    tables.extend(forward);
    tables.extend(reverse);
    Some(tables)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Reverse,
}

impl Direction {
    fn anchored(self) -> Anchored {
        match self {
            Direction::Forward => Anchored::No,
            Direction::Reverse => Anchored::Yes,
        }
    }
}

fn automaton(pattern: &str, direction: Direction) -> Option<Vec<u8>> {
    let config = thompson::Config::new()
        .reverse(direction == Direction::Reverse)
        .which_captures(WhichCaptures::None)
        .nfa_size_limit(Some(BUILD_BYTES_MAX));
    let nfa = thompson::Compiler::new().configure(config).build(pattern).ok()?;
    let dfa = dense(&nfa, direction, false)?;
    let states = States::of(&dfa, direction)?;
    if states.ids.len() > MINIMIZE_MAX {
        return states.write(&dfa);
    }
    let smallest = dense(&nfa, direction, true)?;
    States::of(&smallest, direction)?.write(&smallest)
}

fn dense(nfa: &NFA, direction: Direction, minimize: bool) -> Option<dense::DFA<Vec<u32>>> {
    let (kind, start) = match direction {
        Direction::Forward => (MatchKind::LeftmostFirst, StartKind::Unanchored),
        Direction::Reverse => (MatchKind::All, StartKind::Anchored),
    };
    let config = dense::Config::new()
        .match_kind(kind)
        .start_kind(start)
        .accelerate(false)
        .minimize(minimize)
        .dfa_size_limit(Some(BUILD_BYTES_MAX))
        .determinize_size_limit(Some(BUILD_BYTES_MAX));
    dense::Builder::new().configure(config).build_from_nfa(nfa).ok()
}

/// The states that can be reached, with their numbers: the dead one, those that match, the others.
struct States {
    ids: Vec<StateID>,
    numbers: BTreeMap<StateID, u16>,
    starts: Vec<StateID>,
    last_match: u16,
}

impl States {
    fn of(dfa: &impl Automaton, direction: Direction) -> Option<States> {
        let starts = starts(dfa, direction)?;
        let mut reached = starts.clone();
        reached.sort_unstable();
        reached.dedup();
        let mut known: BTreeMap<StateID, ()> = reached.iter().map(|id| (*id, ())).collect();
        let mut at = 0;
        while let Some(id) = reached.get(at).copied() {
            at += 1;
            for next in row(dfa, id) {
                if dfa.is_quit_state(next) {
                    return None;
                }
                if known.insert(next, ()).is_none() {
                    reached.push(next);
                }
            }
        }
        let dead = reached.iter().copied().find(|id| dfa.is_dead_state(*id));
        let (matching, other): (Vec<StateID>, Vec<StateID>) = reached
            .into_iter()
            .filter(|id| !dfa.is_dead_state(*id))
            .partition(|id| dfa.is_match_state(*id));
        let last_match = u16::try_from(matching.len()).ok()?;
        // Number 0 is the dead state's even where nothing leads to one.
        let numbered = matching.into_iter().chain(other);
        let mut numbers: BTreeMap<StateID, u16> = BTreeMap::new();
        let mut ids = Vec::new();
        for (at, id) in numbered.enumerate() {
            numbers.insert(id, u16::try_from(at + 1).ok()?);
            ids.push(id);
        }
        numbers.extend(dead.map(|id| (id, 0)));
        Some(States { ids, numbers, starts, last_match })
    }

    fn number(&self, id: StateID) -> u16 {
        self.numbers.get(&id).copied().unwrap_or(0)
    }

    fn write(&self, dfa: &impl Automaton) -> Option<Vec<u8>> {
        let rows: Vec<Vec<u16>> = self
            .ids
            .iter()
            .map(|id| row(dfa, *id).map(|next| self.number(next)).collect())
            .collect();
        let (classes, columns) = classes(&rows);
        let stride = u16::try_from(columns.len() + 1).ok()?;
        let mut out: Vec<u8> = classes;
        let mut push = |number: u16| out.extend(number.to_le_bytes());
        push(stride);
        push(self.last_match);
        self.starts.iter().for_each(|id| push(self.number(*id)));
        push(0);
        (0..stride).for_each(|_| push(0));
        for row in &rows {
            columns.iter().for_each(|byte| push(row[*byte]));
            push(row[BYTES]);
        }
        (out.len() <= TABLE_BYTES_MAX).then_some(out)
    }
}

/// The number of bytes there are; a row has one more column, for the end of the text.
const BYTES: usize = 256;

/// The states that follow one: by byte, and then at the end of the text.
fn row(dfa: &impl Automaton, id: StateID) -> impl Iterator<Item = StateID> + '_ {
    let by_byte = (0..=u8::MAX).map(move |byte| dfa.next_state(id, byte));
    by_byte.chain(std::iter::once_with(move || dfa.next_eoi_state(id)))
}

/// The start states in the order of [`Before::ALL`].
fn starts(dfa: &impl Automaton, direction: Direction) -> Option<Vec<StateID>> {
    let start = |before: Before| {
        let byte = match before {
            Before::Nothing => None,
            Before::LineFeed => Some(b'\n'),
            Before::Return => Some(b'\r'),
            Before::Word => Some(b'a'),
            Before::Other => Some(b' '),
        };
        let config = start::Config::new().anchored(direction.anchored()).look_behind(byte);
        dfa.start_state(&config).ok()
    };
    Before::ALL.into_iter().map(start).collect()
}

/// The class of each byte, and one byte of each class: bytes are of one class if no state tells them apart.
fn classes(rows: &[Vec<u16>]) -> (Vec<u8>, Vec<usize>) {
    let mut known: BTreeMap<Vec<u16>, u8> = BTreeMap::new();
    let mut columns = Vec::new();
    let classes = (0..BYTES)
        .map(|byte| {
            let column: Vec<u16> = rows.iter().map(|row| row[byte]).collect();
            *known.entry(column).or_insert_with(|| {
                columns.push(byte);
                (columns.len() - 1) as u8
            })
        })
        .collect();
    (classes, columns)
}

#[cfg(test)]
mod tests {
    use palisade_builtins::Context;
    use palisade_builtins::regexes::known;
    use palisade_builtins::regexes::tables::{HEADER, LENGTHS, Tables};
    use palisade_builtins::regexes::{regex_find_n, regex_match};
    use palisade_value::{AnyValue, Value};

    use super::*;

    const PATTERNS: [&str; 24] = [
        "",
        "a",
        "a*",
        "a*?",
        "a|ab|abc",
        "ab?c?",
        "^a",
        "a$",
        "^$",
        "(?m)^a?$",
        r"\ba",
        r"a\b",
        r"\B",
        r"\Aab\z",
        "[^/]+$",
        "[.:]|^localhost$",
        "(a|b)+c",
        "(?i)É+",
        "(?s).b.",
        ".b.",
        r"\p{Greek}{2,3}",
        "(?U)a+b*",
        r"\d+(\.\d+)?",
        "[^a]",
    ];

    const TEXTS: [&str; 14] = [
        "",
        "a",
        "aa",
        "abc",
        "xabcabx",
        "a\nb\n\na",
        "a\r\nb",
        "localhost",
        "a/b/c.d",
        "éÉb",
        "日本aαβγδ語",
        "foo 1.25 bar",
        "_a a_ a-a",
        "aabbcabc",
    ];

    /// The same answers as the pattern gives when it is compiled at the time of the call.
    #[test]
    fn tables_find_what_the_expression_finds() {
        for pattern in PATTERNS {
            let bytes = tables(pattern, Wanted::Places)
                .unwrap_or_else(|| panic!("{pattern:?} has no small tables"));
            for text in TEXTS {
                let args = [Value::text(pattern), Value::text(text), Value::from(-1)];
                let compiled = regex_find_n(&mut Context::new(0, 0), &args);
                assert_eq!(
                    known::regex_find_n(&Tables::new(&bytes), &args),
                    compiled,
                    "{pattern:?} in {text:?}"
                );
                let compiled = regex_match(&mut Context::new(0, 0), &args);
                assert_eq!(
                    known::regex_match(&Tables::new(&bytes), &args),
                    compiled,
                    "{pattern:?} in {text:?}"
                );
            }
        }
    }

    #[test]
    fn what_has_no_tables_is_left_to_the_call() {
        assert_eq!(tables("(", Wanted::Occurrence), None, "no pattern");
        assert_eq!(tables("(a)", Wanted::PlacesWithoutGroups), None, "groups are asked for");
        assert_eq!(tables("(a|b)*a(a|b){14}", Wanted::Occurrence), None, "too many states");
        assert!(tables("(?:a)", Wanted::PlacesWithoutGroups).is_some());
    }

    #[test]
    fn damaged_tables_find_nothing() {
        let bytes = tables("a+", Wanted::Places).expect("a pattern with small tables");
        let args = [Value::text("a+"), Value::text("baa"), Value::from(-1)];
        for length in [0, 3, LENGTHS, LENGTHS + HEADER] {
            let cut = Tables::new(&bytes[..length]);
            assert_eq!(known::regex_find_n(&cut, &args), Ok(Value::array(Vec::new())));
        }
    }
}
