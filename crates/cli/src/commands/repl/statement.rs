//! What a typed text is: a rule, a query, a package, an import; or one that goes on in the next line.

use palisade_diag::{Diagnostic, FileId, Files, Severity, Span};
use palisade_rego::syntax::ast::{Assign, Body, Expr, ExprKind, Module, Term, TermKind};
use palisade_rego::syntax::{Parse, ParseOptions, parse_module, parse_query};

/// What a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// Another package is to be the active one: its path.
    Package(String),
    /// An import for the active package, the word `import` left out.
    Import(String),
    /// Rules for the active package: the name and the text of each.
    Rules(Vec<Rule>),
    /// An equation with one name on its left: a rule, if it can be one.
    Equation(Rule),
    /// A query.
    Query,
}

/// A rule as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it is called: `p`, `p.q`.
    pub name: String,
    /// The text.
    pub text: String,
    /// Whether it is `name := value` and nothing else, so that it takes the place of an earlier one.
    pub is_plain: bool,
}

/// Why a text is no statement.
#[derive(Debug)]
pub enum Fault {
    /// It may go on in the next line.
    Incomplete,
    /// It can't be read.
    Malformed(Files, Vec<Diagnostic>),
}

/// The name that messages show for what was typed.
pub const FILE: &str = "repl";

/// What stands in front of typed rules, so that they are a file.
const HEAD: &str = "package repl\n";

/// Tells what a text is. `may_go_on` says whether another line may follow.
///
/// # Errors
/// It is nothing; see [`Fault`].
pub fn read(text: &str, options: &ParseOptions, may_go_on: bool) -> Result<Statement, Fault> {
    let text = text.trim();
    let word = text.split(char::is_whitespace).next().unwrap_or_default();
    let as_rules = match word {
        "package" => Attempt::module("", text, options),
        _ => Attempt::module(HEAD, text, options),
    };
    if matches!(word, "package" | "import") {
        return match as_rules.is_whole() {
            true => Ok(head_statement(&as_rules.parse.tree, text)),
            false => Err(as_rules.fault(may_go_on)),
        };
    }
    let as_query = Attempt::query(text, options);
    if as_query.is_whole() {
        return Ok(query_or_rule(&as_query.parse.tree, text));
    }
    if as_rules.is_whole() && !as_rules.parse.tree.rules.is_empty() {
        let rules = as_rules.parse.tree.rules.iter().map(|rule| {
            let text = as_rules.files.slice(rule.span).to_owned();
            let is_bare = rule.body.is_none() && rule.head.args.is_none() && !rule.is_default;
            let is_plain = is_bare && rule.head.path.len() == 1 && rule.head.contains.is_none();
            Rule { name: path_text(&rule.head.path), text, is_plain }
        });
        return Ok(Statement::Rules(rules.collect()));
    }
    if may_go_on && (as_query.ends_early() || as_rules.ends_early()) {
        return Err(Fault::Incomplete);
    }
    // The reading that got further is the one that was meant.
    Err(match as_rules.reach() > as_query.reach() {
        true => as_rules.fault(false),
        false => as_query.fault(false),
    })
}

/// One way to read a text.
struct Attempt<T> {
    files: Files,
    parse: Parse<T>,
    /// How much stands in front of the text.
    offset: u32,
    text_end: u32,
}

impl Attempt<Module> {
    fn module(head: &str, text: &str, options: &ParseOptions) -> Attempt<Module> {
        let mut files = Files::new();
        let file = files.add(FILE, format!("{head}{text}\n"));
        let parse = parse_module(&files, file, options);
        Attempt::new(files, parse, head, text)
    }
}

impl Attempt<Body> {
    fn query(text: &str, options: &ParseOptions) -> Attempt<Body> {
        let mut files = Files::new();
        let file = files.add(FILE, text);
        let parse = parse_query(&files, file, options);
        Attempt::new(files, parse, "", text)
    }
}

impl<T> Attempt<T> {
    fn new(files: Files, parse: Parse<T>, head: &str, text: &str) -> Attempt<T> {
        let offset = head.len() as u32;
        Attempt { files, parse, offset, text_end: offset + text.len() as u32 }
    }

    fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.parse.diagnostics.iter().filter(|it| it.severity == Severity::Error)
    }

    fn is_whole(&self) -> bool {
        self.errors().next().is_none()
    }

    /// How far the text could be read.
    fn reach(&self) -> u32 {
        let first = self.errors().find_map(Diagnostic::span);
        first.map_or(u32::MAX, |span| span.start.saturating_sub(self.offset))
    }

    /// Whether more text could mend it: what is missing is missing at the end, or a raw string is open.
    fn ends_early(&self) -> bool {
        let Some(span) = self.errors().find_map(Diagnostic::span) else { return false };
        let is_open =
            |span| self.files.slice(span).starts_with(['`', '$']) || self.is_backquote(span);
        let is_string = self
            .errors()
            .any(|it| it.code.name == "unterminated-string" && it.span().is_some_and(is_open));
        span.start >= self.text_end || is_string
    }

    fn is_backquote(&self, span: Span) -> bool {
        self.files.text(span.file).get(span.start as usize..).is_some_and(|it| it.starts_with('`'))
    }

    /// The fault, with places in the text as it was typed.
    fn fault(self, may_go_on: bool) -> Fault {
        if may_go_on && self.ends_early() {
            return Fault::Incomplete;
        }
        let (start, end) = (self.offset as usize, self.text_end as usize);
        let text = self.files.text(FileId(0)).get(start..end).unwrap_or_default();
        let mut files = Files::new();
        files.add(FILE, text);
        let mut diagnostics = self.parse.diagnostics;
        for label in diagnostics.iter_mut().flat_map(|it| &mut it.labels) {
            label.span.start = label.span.start.saturating_sub(self.offset);
            label.span.end = label.span.end.saturating_sub(self.offset);
        }
        Fault::Malformed(files, diagnostics)
    }
}

fn head_statement(module: &Module, text: &str) -> Statement {
    match text.strip_prefix("import") {
        Some(import) => Statement::Import(import.trim().to_owned()),
        None => Statement::Package(path_text(&module.package.path)),
    }
}

/// A query, unless it is one equation with a name on its left.
fn query_or_rule(body: &Body, text: &str) -> Statement {
    let [Expr { negated: false, with, kind: ExprKind::Assign(assign, left, _), .. }] =
        body.exprs.as_slice()
    else {
        return Statement::Query;
    };
    if !with.is_empty() {
        return Statement::Query;
    }
    let rule = |name: String, is_plain| Rule { name, text: text.to_owned(), is_plain };
    match (assign, &left.kind) {
        (Assign::Declare, TermKind::Var(name)) if name != "_" => {
            Statement::Rules(vec![rule(name.clone(), true)])
        }
        (Assign::Unify, TermKind::Var(name)) if name != "_" => {
            Statement::Equation(rule(name.clone(), true))
        }
        (Assign::Declare, TermKind::Call(callee, _)) => {
            Statement::Rules(vec![rule(term_text(callee), false)])
        }
        (Assign::Declare, TermKind::Ref(_)) => Statement::Rules(vec![rule(term_text(left), false)]),
        _ => Statement::Query,
    }
}

/// The constant front of a name: `p.q` of `p.q[x]`.
fn path_text(path: &[Term]) -> String {
    let names = path.iter().enumerate().map_while(|(at, part)| match &part.kind {
        TermKind::String { text, .. } => Some(text.as_str()),
        // Behind the first name a variable is no part of the name.
        TermKind::Var(text) if at == 0 => Some(text.as_str()),
        _ => None,
    });
    names.collect::<Vec<_>>().join(".")
}

fn term_text(term: &Term) -> String {
    match &term.kind {
        TermKind::Ref(reference) => {
            let first = path_text(std::slice::from_ref(&reference.head));
            let is_constant = |it: &&Term| matches!(it.kind, TermKind::String { .. });
            let rest: Vec<Term> = reference.path.iter().take_while(is_constant).cloned().collect();
            let rest = path_text(&rest);
            if rest.is_empty() { first } else { format!("{first}.{rest}") }
        }
        _ => path_text(std::slice::from_ref(term)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(text: &str) -> &'static str {
        match read(text, &ParseOptions::default(), true) {
            Ok(Statement::Package(_)) => "package",
            Ok(Statement::Import(_)) => "import",
            Ok(Statement::Rules(_)) => "rules",
            Ok(Statement::Equation(_)) => "equation",
            Ok(Statement::Query) => "query",
            Err(Fault::Incomplete) => "incomplete",
            Err(Fault::Malformed(..)) => "malformed",
        }
    }

    #[test]
    fn texts_are_told_apart() {
        for (text, wanted) in [
            ("package a.b", "package"),
            ("import data.users as u", "import"),
            ("import", "incomplete"),
            ("x := 1", "rules"),
            ("x = 1", "equation"),
            ("x == 1", "query"),
            ("x = 1; y = 2", "query"),
            ("[a, b] := [1, 2]", "query"),
            ("x := 1 with input as 2", "query"),
            ("f(x) := x + 1", "rules"),
            ("p.q := 1", "rules"),
            ("default allow := false", "rules"),
            ("allow if input.x", "rules"),
            ("p contains x if some x in [1]", "rules"),
            ("allow", "query"),
            ("not allow", "query"),
            ("some x in [1, 2]", "query"),
            ("allow if {", "incomplete"),
            ("allow if {\n\tinput.x\n}", "rules"),
            ("x := ", "incomplete"),
            ("[1,", "incomplete"),
            ("x := `a", "incomplete"),
            ("x := \"a", "malformed"),
            ("1 + * 2", "malformed"),
            ("allow if }", "malformed"),
        ] {
            assert_eq!(sort(text), wanted, "{text}");
        }
    }

    #[test]
    fn rules_have_the_names_of_their_heads() {
        let name = |text: &str| match read(text, &ParseOptions::default(), true) {
            Ok(Statement::Rules(rules)) => rules.first().map(|it| (it.name.clone(), it.is_plain)),
            _ => None,
        };
        assert_eq!(name("x := 1"), Some(("x".to_owned(), true)));
        assert_eq!(name("p.q := 1"), Some(("p.q".to_owned(), false)));
        assert_eq!(name("f(x) := x"), Some(("f".to_owned(), false)));
        assert_eq!(name("p.q[x] if x := 1"), Some(("p.q".to_owned(), false)));
        assert_eq!(name("default p := 1"), Some(("p".to_owned(), false)));
    }

    #[test]
    fn places_are_those_of_the_typed_text() {
        let Err(Fault::Malformed(_, diagnostics)) =
            read("allow if }", &ParseOptions::default(), true)
        else {
            panic!("it was read");
        };
        assert_eq!(diagnostics.first().and_then(Diagnostic::span).map(|it| it.start), Some(9));
    }
}
