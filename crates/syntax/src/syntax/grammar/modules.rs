//! Files: package, imports, rules. Queries and single terms.

use palisade_diag::Span;

use super::heads::sort_of;
use crate::syntax::ast::{
    Body, ExprKind, Import, Module, Name, Package, Ref, Term, TermKind, Version,
};
use crate::syntax::errors;
use crate::syntax::keywords::{Keyword, Keywords};
use crate::syntax::parser::{Failed, Parsed, Parser};
use crate::syntax::token::Kind;

impl Parser<'_> {
    /// The whole file.
    pub(in crate::syntax) fn module(&mut self) -> Module {
        let nowhere = Span { file: self.file, start: 0, end: 0 };
        let mut module = Module {
            file: self.file,
            version: self.version,
            package: Package { span: nowhere, path: Vec::new() },
            imports: Vec::new(),
            rules: Vec::new(),
            comments: Vec::new(),
            annotations: Vec::new(),
        };
        if self.at(Kind::Eof) && self.diagnostics.is_empty() {
            self.diagnostics.push(errors::empty_module(nowhere));
        }
        let mut package = None;
        while !self.at(Kind::Eof) {
            let start = self.at;
            let first = self.span_of(self.token());
            self.forget();
            if self.statement(&mut module, &mut package).is_err() {
                self.recover_in_module(start);
            }
            if package.is_none() {
                self.diagnostics.push(errors::package_expected(first));
                package = Some(nowhere);
            }
        }
        self.check_version(module.package.span);
        module.version = self.version;
        if self.version == Version::V1 {
            self.diagnostics.append(&mut self.v1_faults);
        }
        module
    }

    fn statement(&mut self, module: &mut Module, package: &mut Option<Span>) -> Parsed<()> {
        match self.keyword() {
            Some(Keyword::Package) if !self.at_keyword_ref() => {
                let start = self.span_of(self.token());
                let outcome = self.package();
                if let Some(first) = *package {
                    self.diagnostics.push(errors::second_package(start, first));
                    return outcome.map(drop);
                }
                // Even a package that can't be read is one: no second message says that it is missing.
                *package = Some(start);
                module.package = outcome?;
            }
            Some(Keyword::Import) if !self.at_keyword_ref() => module.imports.push(self.import()?),
            _ => module.rules.push(self.rule()?),
        }
        Ok(())
    }

    /// `package a.b["c"]`
    fn package(&mut self) -> Parsed<Package> {
        let start = self.bump().start;
        if !self.at(Kind::Ident) {
            return Err(self.unexpected(""));
        }
        self.name_here();
        let term = self.primary()?;
        let path = match term.kind {
            TermKind::Var(text) => {
                vec![Term { span: term.span, kind: TermKind::String { text, raw: false } }]
            }
            TermKind::Ref(it) => self.package_path(it)?,
            _ => return Err(self.fail(errors::expected_path(term.span))),
        };
        Ok(Package { span: self.span_from(start), path })
    }

    fn package_path(&mut self, path: Ref) -> Parsed<Vec<Term>> {
        let TermKind::Var(text) = path.head.kind else {
            return Err(self.fail(errors::expected_path(path.span)));
        };
        let mut parts =
            vec![Term { span: path.head.span, kind: TermKind::String { text, raw: false } }];
        parts.extend(path.path);
        self.check_constant(&parts)?;
        Ok(parts)
    }

    fn check_constant(&mut self, path: &[Term]) -> Parsed<()> {
        match path.iter().find(|part| !matches!(part.kind, TermKind::String { .. })) {
            Some(part) => Err(self.fail(errors::expected_string(part.span, sort_of(&part.kind)))),
            None => Ok(()),
        }
    }

    /// `import data.a.b as c`
    fn import(&mut self) -> Parsed<Import> {
        let start = self.bump().start;
        if !self.at(Kind::Ident) {
            return Err(self.unexpected(""));
        }
        self.name_here();
        // `future.keywords.in` is a path whatever else may be one.
        let in_refs = std::mem::replace(&mut self.language.keywords_in_refs, true);
        let term = self.primary();
        self.language.keywords_in_refs = in_refs;
        let term = term?;
        let span = term.span;
        let path = match term.kind {
            TermKind::Var(_) => Ref { span, head: Box::new(term), path: Vec::new() },
            TermKind::Ref(path) => path,
            _ => return Err(self.fail(errors::expected_path(span))),
        };
        self.check_constant(&path.path)?;
        let root = match &path.head.kind {
            TermKind::Var(root) => root.clone(),
            _ => return Err(self.fail(errors::expected_path(span))),
        };
        if !matches!(root.as_str(), "data" | "input" | "future" | "rego") {
            return Err(self.fail(errors::import_root(span, &root)));
        }
        let alias = self.opt_alias()?;
        let import = Import { span: self.span_from(start), path, alias };
        self.check_import_name(&import, &root);
        match root.as_str() {
            "rego" => self.import_rego(&import),
            "future" => self.import_future(&import),
            _ => {}
        }
        Ok(import)
    }

    fn opt_alias(&mut self) -> Parsed<Option<Name>> {
        if !self.at_keyword(Keyword::As) {
            return Ok(None);
        }
        self.bump();
        let is_root = matches!(self.text_of(self.token()), "data" | "input");
        if !self.at(Kind::Ident) || self.keyword().is_some() || is_root {
            return Err(self.unexpected("expected var"));
        }
        let token = self.bump();
        Ok(Some(Name { span: self.span_of(token), text: self.text_of(token).to_owned() }))
    }

    /// The name that an import brings in must not be a keyword.
    fn check_import_name(&mut self, import: &Import, root: &str) {
        let last = import.path.path.last().unwrap_or(&import.path.head);
        let (TermKind::String { text: name, .. } | TermKind::Var(name)) = &last.kind else {
            return;
        };
        let is_keyword = Keywords::of(self.version).find(name).is_some();
        if is_keyword && import.alias.is_none() && root != "future" {
            self.diagnostics.push(errors::import_keyword(last.span, name));
        }
    }

    /// `import rego.v1`: the file is Rego v1 from here on.
    fn import_rego(&mut self, import: &Import) {
        let span = import.path.span;
        if !self.language.rego_v1_import {
            self.diagnostics.push(errors::import_rego_unsupported(span));
        } else if strings(&import.path.path) != ["v1"] {
            self.diagnostics.push(errors::import_rego_path(span, self.text_in(span)));
        } else if self.version == Version::V0 {
            if import.alias.is_some() {
                self.diagnostics.push(errors::import_aliased(span, "rego"));
            }
            self.version = Version::V1;
            self.keywords = self.keywords.with(Keywords::of(Version::V1));
        }
    }

    /// `import future.keywords`, with or without the name of one.
    fn import_future(&mut self, import: &Import) {
        let span = import.path.span;
        let allowed = self.language.importable();
        let named = match strings(&import.path.path).as_slice() {
            ["keywords", ..] if import.alias.is_some() => {
                self.diagnostics.push(errors::import_aliased(span, "future"));
                return;
            }
            ["keywords"] => allowed,
            ["keywords", name] if allowed.contains(name) => vec![*name],
            ["keywords", ..] => {
                self.diagnostics.push(errors::import_future_keyword(span, &allowed));
                return;
            }
            _ => {
                self.diagnostics.push(errors::import_future_path(span));
                return;
            }
        };
        for keywords in named.into_iter().filter_map(Keywords::named) {
            self.keywords = self.keywords.with(keywords);
        }
    }

    /// Reports a text that is read as Rego v1 where the language knows nothing of that.
    pub(in crate::syntax) fn check_version(&mut self, place: Span) {
        if self.first_version == Version::V1 && !self.language.rego_v1 {
            self.diagnostics.push(errors::rego_v1_unsupported(place));
        }
    }

    /// A query: expressions up to the end of the text.
    pub(in crate::syntax) fn query(&mut self) -> Body {
        let start = self.token().start;
        let exprs = self.exprs(Kind::Eof, 0).unwrap_or_default();
        Body { span: self.span_from(start), exprs }
    }

    /// One term and nothing else.
    pub(in crate::syntax) fn single_term(&mut self) -> Parsed<Term> {
        let body = self.query();
        let exprs = <[_; 1]>::try_from(body.exprs).map_err(|_| Failed);
        match exprs.map(|[expr]| (expr.negated || !expr.with.is_empty(), expr.kind)) {
            Ok((false, ExprKind::Term(term))) => Ok(term),
            _ if !self.diagnostics.is_empty() => Err(Failed),
            _ => Err(self.fail(errors::expected_term(body.span))),
        }
    }
}

fn strings(path: &[Term]) -> Vec<&str> {
    path.iter()
        .map(|part| match &part.kind {
            TermKind::String { text, .. } => text.as_str(),
            _ => "",
        })
        .collect()
}
