//! Makes a case that fails smaller, as long as it fails in the same way.

mod documents;
mod sources;

use std::time::{Duration, Instant};

use crate::case::Case;
use crate::properties::{Breach, Property, Question};

/// How long one case is made smaller.
const PATIENCE: Duration = Duration::from_secs(60);

/// The smallest case that was found, and how it fails. `fails` says what is broken in a case, if anything is.
pub fn minimise(
    case: &Case,
    breach: &Breach,
    fails: &mut dyn FnMut(&Case) -> Option<Breach>,
) -> (Case, Breach) {
    let mut search =
        Search { best: case.clone(), breach: breach.clone(), fails, start: Instant::now() };
    search.narrow();
    loop {
        let before = search.best.size();
        search.pass(&documents::without);
        search.pass(&sources::without_files);
        search.pass(&sources::smaller);
        search.pass(&documents::smaller);
        if search.best.size() >= before || search.is_late() {
            return (search.best, search.breach);
        }
    }
}

struct Search<'f> {
    best: Case,
    breach: Breach,
    fails: &'f mut dyn FnMut(&Case) -> Option<Breach>,
    start: Instant,
}

impl Search<'_> {
    fn is_late(&self) -> bool {
        self.start.elapsed() > PATIENCE
    }

    /// Keeps of the questions the one that is answered wrongly.
    fn narrow(&mut self) {
        let mut case = self.best.clone();
        match self.breach.question.clone() {
            Some(Question::Document(path, input)) => {
                case.documents = vec![path];
                case.queries.clear();
                case.inputs = case.inputs.get(input).cloned().into_iter().collect();
            }
            Some(Question::Query(number, input)) => {
                case.documents.clear();
                case.queries = case.queries.get(number).cloned().into_iter().collect();
                case.inputs = case.inputs.get(input).cloned().into_iter().collect();
            }
            None => {}
        }
        self.try_case(case);
    }

    /// Tries all candidates; after one that fails too, those of the smaller case, from the same place on.
    fn pass(&mut self, candidates: &dyn Fn(&Case) -> Vec<Case>) {
        let mut at = 0;
        let mut all = candidates(&self.best);
        while at < all.len() && !self.is_late() {
            let candidate = std::mem::replace(&mut all[at], self.best.clone());
            if candidate.size() < self.best.size() && self.try_case(candidate) {
                all = candidates(&self.best);
            } else {
                at += 1;
            }
        }
    }

    fn try_case(&mut self, case: Case) -> bool {
        match (self.fails)(&case) {
            Some(breach) if is_same(breach.property, self.breach.property) => {
                self.best = case;
                self.breach = breach;
                true
            }
            _ => false,
        }
    }
}

/// Whether two breaches may have one cause.
fn is_same(one: Property, other: Property) -> bool {
    one == other
}
