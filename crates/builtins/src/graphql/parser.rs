//! GraphQL text to syntax trees.

use palisade_value::AnyValue;

use super::lexer::{Kind, Lexer, Position, Token};
use super::shape::{self, Builder};
use crate::quote;

mod definitions;

/// How deep selections, values and types may nest.
const DEPTH_MAX: usize = 150;

/// Why a text is no document: a message and where.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) position: Option<Position>,
}

type Parsed<T> = Result<T, Fault>;

const OPEN_BRACE: Kind = Kind::Mark("{");
const CLOSE_BRACE: Kind = Kind::Mark("}");
const OPEN_PAREN: Kind = Kind::Mark("(");
const CLOSE_PAREN: Kind = Kind::Mark(")");

/// The tree of a query document.
pub(super) fn query<V: AnyValue>(text: &str) -> Parsed<V> {
    Parser::new(text).query_document()
}

/// The tree of a schema document.
pub(super) fn schema<V: AnyValue>(text: &str) -> Parsed<V> {
    Parser::new(text).schema_document()
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token<'a>,
    /// Whether the token has been looked at. Go's parser reads it only then, and its comments with it.
    is_peeked: bool,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Parser<'a> {
        let mut lexer = Lexer::new(text);
        let token = lexer.next();
        Parser { lexer, token, is_peeked: false, depth: 0 }
    }

    fn peek(&mut self) -> &Token<'a> {
        self.is_peeked = true;
        &self.token
    }

    fn kind(&mut self) -> Kind {
        self.peek().kind
    }

    fn position(&mut self) -> Position {
        self.peek().position
    }

    /// The comments before the token, if it has been looked at.
    fn comments(&self) -> Vec<&'a str> {
        if self.is_peeked { self.token.comments.clone() } else { Vec::new() }
    }

    fn next(&mut self) -> Token<'a> {
        self.is_peeked = false;
        std::mem::replace(&mut self.token, self.lexer.next())
    }

    fn fault<T>(&mut self, parts: &[&str]) -> Parsed<T> {
        Err(Fault { message: parts.concat(), position: Some(self.position()) })
    }

    fn unexpected<T>(&mut self) -> Parsed<T> {
        let token = self.peek().describe();
        self.fault(&["Unexpected ", &token])
    }

    fn expect(&mut self, kind: Kind) -> Parsed<Token<'a>> {
        if self.kind() == kind {
            return Ok(self.next());
        }
        let found = self.kind().name();
        self.fault(&["Expected ", kind.name(), ", found ", found])
    }

    /// The comments before the keyword.
    fn expect_keyword(&mut self, keyword: &str) -> Parsed<Vec<&'a str>> {
        let token = self.peek();
        if token.kind == Kind::Name && token.value == keyword {
            let comments = self.comments();
            self.next();
            return Ok(comments);
        }
        let found = token.describe();
        let mut expected = String::new();
        quote::quote(keyword, '"', false, &mut expected);
        self.fault(&["Expected ", &expected, ", found ", &found])
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.next();
        }
        found
    }

    fn is_name(&mut self, name: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Name && token.value == name
    }

    fn name(&mut self) -> Parsed<String> {
        self.expect(Kind::Name).map(|it| it.value.into_owned())
    }

    /// What stands between two marks, at least one; nothing if the first mark isn't there. With the comments before
    /// the second mark.
    fn some<T>(
        &mut self,
        (open, close): (Kind, Kind),
        one: impl Fn(&mut Self) -> Parsed<T>,
    ) -> Parsed<(Vec<T>, Vec<&'a str>)> {
        let mut items = Vec::new();
        if !self.eat(open) {
            return Ok((items, Vec::new()));
        }
        while self.kind() != close {
            items.push(one(self)?);
        }
        if items.is_empty() {
            let found = self.kind().name();
            return self.fault(&["expected at least one definition, found ", found]);
        }
        let comments = self.comments();
        self.next();
        Ok((items, comments))
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return self.fault(&["document is nested too deeply"]);
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn query_document<V: AnyValue>(&mut self) -> Parsed<V> {
        let (mut operations, mut fragments) = (Vec::new(), Vec::new());
        while self.kind() != Kind::End {
            let token = self.peek();
            match (token.kind, &*token.value) {
                (Kind::Name, "query" | "mutation" | "subscription") | (OPEN_BRACE, _) => {
                    operations.push(self.operation()?);
                }
                (Kind::Name, "fragment") => fragments.push(self.fragment()?),
                _ => return self.unexpected(),
            }
        }
        let mut document = Builder::<V>::new(&shape::QUERY_DOCUMENT);
        document.list("Operations", operations);
        document.list("Fragments", fragments);
        Ok(document.finish())
    }

    fn operation<V: AnyValue>(&mut self) -> Parsed<V> {
        let mut operation = Builder::new(&shape::OPERATION);
        operation.position(self.position());
        if self.kind() == OPEN_BRACE {
            operation.text("Operation", "query");
        } else {
            operation.comment("Comment", &self.comments());
            operation.text("Operation", &self.next().value);
            if self.kind() == Kind::Name {
                operation.text("Name", &self.next().value);
            }
            operation.list("VariableDefinitions", self.variable_definitions()?);
            operation.list("Directives", self.directives(false)?);
        }
        operation.list("SelectionSet", self.required_selections()?);
        Ok(operation.finish())
    }

    fn fragment<V: AnyValue>(&mut self) -> Parsed<V> {
        let mut fragment = Builder::new(&shape::FRAGMENT);
        fragment.position(self.position());
        fragment.comment("Comment", &self.comments());
        self.next();
        fragment.text("Name", &self.fragment_name()?);
        fragment.list("VariableDefinition", self.variable_definitions()?);
        self.expect_keyword("on")?;
        fragment.text("TypeCondition", &self.name()?);
        fragment.list("Directives", self.directives(false)?);
        fragment.list("SelectionSet", self.required_selections()?);
        Ok(fragment.finish())
    }

    fn fragment_name(&mut self) -> Parsed<String> {
        if self.peek().value == "on" { self.unexpected() } else { self.name() }
    }

    fn variable_definitions<V: AnyValue>(&mut self) -> Parsed<Vec<V>> {
        self.some((OPEN_PAREN, CLOSE_PAREN), Self::variable_definition).map(|it| it.0)
    }

    fn variable_definition<V: AnyValue>(&mut self) -> Parsed<V> {
        let mut variable = Builder::new(&shape::VARIABLE);
        variable.position(self.position());
        variable.comment("Comment", &self.comments());
        variable.text("Variable", &self.variable()?);
        self.expect(Kind::Mark(":"))?;
        variable.set("Type", self.type_reference()?);
        if self.eat(Kind::Mark("=")) {
            variable.set("DefaultValue", self.value(true)?);
        }
        variable.list("Directives", self.directives(false)?);
        Ok(variable.finish())
    }

    fn variable(&mut self) -> Parsed<String> {
        self.expect(Kind::Mark("$"))?;
        self.name()
    }

    fn required_selections<V: AnyValue>(&mut self) -> Parsed<Vec<V>> {
        if self.kind() != OPEN_BRACE {
            let found = self.kind().name();
            return self.fault(&["Expected {, found ", found]);
        }
        self.selections()
    }

    fn selections<V: AnyValue>(&mut self) -> Parsed<Vec<V>> {
        self.deeper(|it| it.some((OPEN_BRACE, CLOSE_BRACE), Self::selection).map(|it| it.0))
    }

    fn selection<V: AnyValue>(&mut self) -> Parsed<V> {
        if self.kind() == Kind::Mark("...") { self.spread() } else { self.field() }
    }

    fn field<V: AnyValue>(&mut self) -> Parsed<V> {
        let mut field = Builder::new(&shape::FIELD);
        field.position(self.position());
        field.comment("Comment", &self.comments());
        let alias = self.name()?;
        let name = if self.eat(Kind::Mark(":")) { self.name()? } else { alias.clone() };
        field.text("Alias", &alias);
        field.text("Name", &name);
        field.list("Arguments", self.arguments(false)?);
        field.list("Directives", self.directives(false)?);
        if self.kind() == OPEN_BRACE {
            field.list("SelectionSet", self.selections()?);
        }
        Ok(field.finish())
    }

    fn spread<V: AnyValue>(&mut self) -> Parsed<V> {
        self.peek();
        let comments = self.comments();
        self.next();
        let position = self.position();
        if self.kind() == Kind::Name && !self.is_name("on") {
            let mut spread = Builder::new(&shape::SPREAD);
            spread.position(position);
            spread.comment("Comment", &comments);
            spread.text("Name", &self.name()?);
            spread.list("Directives", self.directives(false)?);
            return Ok(spread.finish());
        }
        let mut fragment = Builder::new(&shape::INLINE_FRAGMENT);
        fragment.position(position);
        fragment.comment("Comment", &comments);
        if self.peek().value == "on" {
            self.next();
            fragment.text("TypeCondition", &self.name()?);
        }
        fragment.list("Directives", self.directives(false)?);
        fragment.list("SelectionSet", self.required_selections()?);
        Ok(fragment.finish())
    }

    fn arguments<V: AnyValue>(&mut self, is_constant: bool) -> Parsed<Vec<V>> {
        let one = |it: &mut Self| it.argument(is_constant);
        self.some((OPEN_PAREN, CLOSE_PAREN), one).map(|it| it.0)
    }

    fn argument<V: AnyValue>(&mut self, is_constant: bool) -> Parsed<V> {
        let mut argument = Builder::new(&shape::ARGUMENT);
        argument.position(self.position());
        argument.comment("Comment", &self.comments());
        argument.text("Name", &self.name()?);
        self.expect(Kind::Mark(":"))?;
        argument.set("Value", self.value(is_constant)?);
        Ok(argument.finish())
    }

    fn directives<V: AnyValue>(&mut self, is_constant: bool) -> Parsed<Vec<V>> {
        let mut directives = Vec::new();
        while self.eat(Kind::Mark("@")) {
            let mut directive = Builder::new(&shape::DIRECTIVE);
            directive.position(self.position());
            directive.text("Name", &self.name()?);
            directive.list("Arguments", self.arguments(is_constant)?);
            directives.push(directive.finish());
        }
        Ok(directives)
    }

    fn value<V: AnyValue>(&mut self, is_constant: bool) -> Parsed<V> {
        let mut value = Builder::new(&shape::VALUE);
        value.position(self.position());
        let token = self.peek();
        let kind = match (token.kind, &*token.value) {
            (Kind::Mark("["), _) => {
                value.comment("Comment", &self.comments());
                value.list("Children", self.children("[", "]", is_constant)?);
                8
            }
            (OPEN_BRACE, _) => {
                value.comment("Comment", &self.comments());
                value.list("Children", self.children("{", "}", is_constant)?);
                9
            }
            (Kind::Mark("$"), _) if !is_constant => {
                value.text("Raw", &self.variable()?);
                value.set("Kind", V::integer(0));
                return Ok(value.finish());
            }
            (Kind::Int, _) => 1,
            (Kind::Float, _) => 2,
            (Kind::String, _) => 3,
            (Kind::BlockString, _) => 4,
            (Kind::Name, "true" | "false") => 5,
            (Kind::Name, "null") => 6,
            (Kind::Name, _) => 7,
            _ => return self.unexpected(),
        };
        if kind < 8 {
            value.text("Raw", &self.next().value);
        }
        value.set("Kind", V::integer(kind));
        Ok(value.finish())
    }

    /// The elements of a list or the fields of an object; there may be none.
    fn children<V: AnyValue>(
        &mut self,
        open: &'static str,
        close: &'static str,
        is_constant: bool,
    ) -> Parsed<Vec<V>> {
        self.deeper(|it| {
            it.expect(Kind::Mark(open))?;
            let mut children = Vec::new();
            while it.kind() != Kind::Mark(close) {
                let mut child = Builder::new(&shape::CHILD);
                if open == "{" {
                    child.position(it.position());
                    child.comment("Comment", &it.comments());
                    child.text("Name", &it.name()?);
                    it.expect(Kind::Mark(":"))?;
                }
                child.set("Value", it.value(is_constant)?);
                children.push(child.finish());
            }
            it.next();
            Ok(children)
        })
    }

    fn type_reference<V: AnyValue>(&mut self) -> Parsed<V> {
        let mut reference = Builder::new(&shape::TYPE);
        if self.eat(Kind::Mark("[")) {
            reference.position(self.position());
            reference.set("Elem", self.deeper(Self::type_reference)?);
            self.expect(Kind::Mark("]"))?;
        } else {
            reference.position(self.position());
            reference.text("NamedType", &self.name()?);
        }
        if self.eat(Kind::Mark("!")) {
            reference.set("NonNull", V::boolean(true));
        }
        Ok(reference.finish())
    }
}
