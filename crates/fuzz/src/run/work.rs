//! One case after the other.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::report::Failure;
use crate::case::Case;
use crate::generate::{Generated, generate};
use crate::minimise::minimise;
use crate::mutate;
use crate::peer::known_deviation;
use crate::properties::{Breach, InputModules, Passes, Plan, Property, Tally, Tools, check};
use crate::rng::Rng;

/// How many mutated sources a case has.
const SOURCES: usize = 12;

/// How many mutated inputs a case has.
const INPUTS: usize = 200;

/// What a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A generated program.
    Program,
    /// A generated program whose text is mutated.
    Sources,
    /// Mutated inputs.
    Inputs,
}

impl Kind {
    /// The kind of the case with a number.
    pub fn of(number: u64) -> Kind {
        match number % 16 {
            7 => Kind::Sources,
            15 => Kind::Inputs,
            _ => Kind::Program,
        }
    }
}

/// Checks cases.
pub struct Worker {
    /// What they are checked with.
    pub tools: Tools,
    /// The modules that take mutated inputs.
    pub inputs: InputModules,
    /// What the cases derive from.
    pub seed: u64,
}

thread_local! {
    /// What the last panic on this thread said.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps what panics say for the report instead of printing it.
pub fn keep_panics() {
    std::panic::set_hook(Box::new(|info| {
        PANIC.with(|it| *it.borrow_mut() = info.to_string());
    }));
}

/// Runs something in which a panic is a breach.
fn guarded<T>(run: impl FnOnce() -> Result<T, Breach>) -> Result<T, Breach> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let detail = PANIC.with(|it| it.borrow().clone());
        Err(Breach { property: Property::NoPanic, question: None, detail })
    })
}

impl Worker {
    /// Checks the case with a number.
    ///
    /// # Errors
    /// What failed, made small.
    pub fn case(&mut self, number: u64) -> Result<Tally, Box<Failure>> {
        let generated = generate(self.seed, number);
        match Kind::of(number) {
            Kind::Program => self.program(number, &generated),
            Kind::Sources => self.sources(number, &generated.case),
            Kind::Inputs => self.mutated_inputs(number, &generated.case),
        }
    }

    fn program(&mut self, number: u64, generated: &Generated) -> Result<Tally, Box<Failure>> {
        let case = &generated.case;
        let has_peer = self.tools.peer.is_some();
        let asked = has_peer && !generated.peers_differ && known_deviation(case).is_none();
        let also = match number % 4 {
            0 => Some(Passes::None),
            2 => Some(Passes::Sharing),
            _ => None,
        };
        let plan = Plan { also, peer: asked };
        self.checked(number, case, plan)
    }

    fn checked(&mut self, number: u64, case: &Case, plan: Plan) -> Result<Tally, Box<Failure>> {
        guarded(|| check(case, &mut self.tools, plan))
            .map_err(|breach| self.failure(number, case, &breach, plan))
    }

    fn failure(&mut self, number: u64, case: &Case, breach: &Breach, plan: Plan) -> Box<Failure> {
        let mut fails = |case: &Case| {
            let known = plan.peer && known_deviation(case).is_some();
            let plan = Plan { peer: plan.peer && !known, ..plan };
            guarded(|| check(case, &mut self.tools, plan)).err()
        };
        let (case, breach) = minimise(case, breach, &mut fails);
        Box::new(Failure { seed: self.seed, number, case, breach, file: None })
    }

    fn sources(&mut self, number: u64, case: &Case) -> Result<Tally, Box<Failure>> {
        let mut rng = Rng::of_case(self.seed ^ 1, number);
        let mut tally = Tally::default();
        for _ in 0..SOURCES {
            let mut mutant = case.clone();
            let at = rng.below(mutant.sources.len());
            mutant.sources[at].1 = mutate::source(&mut rng, &mutant.sources[at].1);
            let found = self.checked(number, &mutant, Plan::default())?;
            // Mutants say nothing of how many generated programs are accepted.
            tally.add(&Tally {
                cases: 0,
                rejected: 0,
                rejections: Default::default(),
                mutations: 1,
                ..found
            });
        }
        Ok(tally)
    }

    fn mutated_inputs(&mut self, number: u64, case: &Case) -> Result<Tally, Box<Failure>> {
        let mut rng = Rng::of_case(self.seed ^ 2, number);
        for _ in 0..INPUTS {
            let text = rng.pick(&case.inputs).clone();
            let input = mutate::input(&mut rng, &text);
            if let Err(breach) = guarded(|| self.inputs.check(&input)) {
                let inputs = vec![String::from_utf8_lossy(&input).into_owned()];
                let case = Case { inputs, sources: Vec::new(), ..case.clone() };
                return Err(Box::new(Failure {
                    seed: self.seed,
                    number,
                    case,
                    breach,
                    file: None,
                }));
            }
        }
        Ok(Tally { mutations: INPUTS as u64, ..Tally::default() })
    }
}
