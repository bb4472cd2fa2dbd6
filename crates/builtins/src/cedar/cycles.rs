//! Whether entities lie in themselves.

use palisade_value::AnyValue;

use super::place::Refusal;
use super::store::Store;
use super::text;

/// How far the search for cycles is with an entity.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    NotBegun,
    Open,
    Done,
}

/// Refuses entities that lie in themselves, be it by way of frozen ones.
pub(super) fn check_cycles<V: AnyValue>(store: &Store<'_, V>) -> Result<(), Refusal> {
    let mut states = vec![Search::NotBegun; store.n_own()];
    let mut open: Vec<(usize, &[V])> = Vec::new();
    for start in 0..store.n_own() {
        let mut next = Some(start);
        loop {
            if let Some(index) = next.take() {
                match state(&mut states, index, store) {
                    Search::Open => return Err(cycle(store, index)),
                    Search::Done => {}
                    begun @ Search::NotBegun => {
                        *begun = Search::Open;
                        open.push((index, store.parents(index)));
                    }
                }
            }
            let Some((index, parents)) = open.last_mut() else { break };
            match parents.split_first() {
                Some((parent, rest)) => {
                    *parents = rest;
                    next = store.index(parent);
                }
                None => {
                    *state(&mut states, *index, store) = Search::Done;
                    open.pop();
                }
            }
        }
    }
    Ok(())
}

/// The state of an entity. Those of frozen ones are made when the first is asked for: many requests lead to none.
fn state<'a, V: AnyValue>(
    states: &'a mut Vec<Search>,
    index: usize,
    store: &Store<'_, V>,
) -> &'a mut Search {
    if index >= states.len() {
        states.resize(store.len().max(index + 1), Search::NotBegun);
    }
    &mut states[index]
}

#[cold]
#[inline(never)]
fn cycle<V: AnyValue>(store: &Store<'_, V>, index: usize) -> Refusal {
    let entity = store.at(index).map(|it| text::entity(&it.key)).unwrap_or_default();
    Refusal::saying(&[
        "transitive closure computation/enforcement error: input graph has a cycle containing vertex `",
        &entity,
        "`",
    ])
}
