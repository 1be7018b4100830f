package web_test

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
	"tandem/erp"
)

var update = flag.Bool("update", false, "write src/words/codes.json")

// codeList is what the page has words for in each language, see src/words/codes.test.ts.
type codeList struct {
	Codes     []string            `json:"codes"`     // why a record waits or failed, what became of it, and why a request was refused
	Decisions map[string][]string `json:"decisions"` // what a person may choose, by the code of the record
	Steps     []erp.Step          `json:"steps"`     // of sale workflows
}

// reporting are the folders of the packages whose codes come to stand beside a record or in the answer to a request.
var reporting = []string{"activities", "api", "db", "entity", "erp", "fault", "flow", "hooks", "instance", "mail", "report", "woo", "worker", "workflows"}

// composed are the codes that are put together of a beginning and what is missing.
var composed = map[string][]string{
	"unknown_": {"product", "tax", "price_list", "partner", "address", "warehouse", "sales_team", "salesperson", "payment_term",
		string(erp.Category), string(erp.Tag), string(erp.Brand), string(erp.Attribute), string(erp.ShippingClass)},
	"odoo_": nil, // Odoo's own names: the page has one sentence for all
}

// A code without words would be read as English, or as itself, whatever the reader's language.
func TestThePageHasWordsForEveryCode(t *testing.T) {
	list := codeList{
		Codes: codesIn(t, ".."), Decisions: map[string][]string{},
		Steps: []erp.Step{erp.StepValidate, erp.StepInvoice, erp.StepPay, erp.StepShip, erp.StepCancel},
	}
	for _, code := range list.Codes {
		for _, choice := range mapping.ChoicesOf(code) {
			list.Decisions[code] = append(list.Decisions[code], choice.Name)
		}
	}
	file := filepath.Join("src", "words", "codes.json")
	if *update {
		text, err := json.MarshalIndent(list, "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, append(text, '\n'), 0o644)) //nolint:gosec // a source file
	}
	var kept codeList
	read(t, file, &kept)
	require.Equal(t, list, kept, "run go test ./web -update, and give new codes words in src/words")
	for _, language := range []string{"en", "de"} {
		var words struct{ Code map[string]string }
		read(t, filepath.Join("src", "words", language+".json"), &words)
		for _, code := range list.Codes {
			require.NotEmpty(t, words.Code[code], "%s.json has no words for the code %s", language, code)
		}
	}
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into))
}

// The codes that the documentation explains are among those that are found in the sources.
func TestCodesAreFoundInTheSources(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "concepts.md"))
	require.NoError(t, err)
	_, table, found := strings.Cut(string(text), "Common codes:")
	require.True(t, found)
	table, _, _ = strings.Cut(table, "\n\nA *failed operation*")
	var explained []string
	for _, line := range strings.Split(table, "\n") {
		if cells := strings.Split(line, "|"); len(cells) > 3 {
			for _, code := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(cells[1], -1) {
				explained = append(explained, code[1])
			}
		}
	}
	require.Greater(t, len(explained), 20)
	require.Subset(t, codesIn(t, ".."), explained)
}

// codesIn reads the codes out of the sources: constants that say they are codes, what stands in fields Code, and what is handed to the
// functions that make a coded error or outcome.
func codesIn(t *testing.T, root string) []string {
	t.Helper()
	s := sources{t: t, constants: map[string]string{}, codes: map[string]bool{}}
	for _, folder := range reporting {
		s.parse(filepath.Join(root, folder))
	}
	for _, f := range s.files {
		s.declared(f)
	}
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool { s.look(f.Name.Name, n); return true })
	}
	for beginning, ends := range composed {
		for _, end := range ends {
			s.codes[beginning+end] = true
		}
	}
	return slices.Sorted(maps.Keys(s.codes))
}

// sources are parsed files, and what is known of them.
type sources struct {
	t         *testing.T
	files     []*ast.File
	constants map[string]string // the texts of constants, as "package.Name"
	codes     map[string]bool
}

// parse reads the files of a folder and those below, but for tests and what only they use.
func (s *sources) parse(folder string) {
	s.t.Helper()
	require.NoError(s.t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (strings.HasSuffix(name, "test") || name == "odoodev" || name == "gen"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		s.files = append(s.files, file)
		return err
	}))
}

var (
	isCode        = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	isBeginning   = regexp.MustCompile(`^[a-z]+_$`)
	saysCode      = regexp.MustCompile(`(?i)\bcodes?\b`)
	comparedCodes = regexp.MustCompile(`\bcode (?:=|IN|NOT IN) \(?('[a-z_', ]+')`)
	quoted        = regexp.MustCompile(`'([a-z_]+)'`)
)

// declared notes the constants of a file. All kinds of faults are codes: a record without one of its own is known by its kind.
func (s *sources) declared(f *ast.File) {
	for _, d := range f.Decls {
		block, ok := d.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		for _, spec := range block.Specs {
			value := spec.(*ast.ValueSpec) //nolint:forcetypeassert // of a const
			for i, name := range value.Names {
				if i >= len(value.Values) {
					continue
				}
				text, ok := textOf(value.Values[i])
				if !ok {
					continue
				}
				s.constants[f.Name.Name+"."+name.Name] = text
				if f.Name.Name == "fault" || strings.HasPrefix(strings.ToLower(name.Name), "code") || saysCode.MatchString(block.Doc.Text()) {
					s.add(text)
				}
			}
		}
	}
}

// coding are the functions that are handed a code.
var coding = []string{"Parked", "Failed", "refused", "coded", "missing", "RestartOrderRun", "CancelOrderRun"}

// look notes the codes of a piece of source.
func (s *sources) look(pkg string, n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		if slices.Contains(coding, lastName(n.Fun)) {
			for _, argument := range n.Args {
				s.addOf(pkg, argument)
			}
		}
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			if field, ok := to.(*ast.SelectorExpr); ok && field.Sel.Name == "Code" && i < len(n.Rhs) {
				s.addOf(pkg, n.Rhs[i])
			}
		}
	case *ast.KeyValueExpr:
		if lastName(n.Key) == "Code" {
			s.addOf(pkg, n.Value)
		}
	case *ast.BinaryExpr:
		if beginning, ok := textOf(n.X); ok && n.Op == token.ADD && isBeginning.MatchString(beginning) {
			require.Contains(s.t, composed, beginning, "which codes begin with it?")
		}
	case *ast.BasicLit: // a statement of SQL
		text, _ := textOf(n)
		for _, list := range comparedCodes.FindAllStringSubmatch(text, -1) {
			for _, code := range quoted.FindAllStringSubmatch(list[1], -1) {
				s.add(code[1])
			}
		}
	}
}

// addOf notes a text, or a constant of one, in whatever type.
func (s *sources) addOf(pkg string, e ast.Expr) {
	if conversion, ok := e.(*ast.CallExpr); ok && lastName(conversion.Fun) == "string" && len(conversion.Args) == 1 {
		e = conversion.Args[0]
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := textOf(e)
		s.add(text)
	case *ast.Ident:
		s.add(s.constants[pkg+"."+e.Name])
	case *ast.SelectorExpr:
		s.add(s.constants[lastName(e.X)+"."+e.Sel.Name])
	}
}

// add notes a code. Texts for people are none, nor is what only WooCommerce says.
func (s *sources) add(text string) {
	if isCode.MatchString(text) && !strings.HasPrefix(text, "woocommerce_") {
		s.codes[text] = true
	}
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	default:
		return ""
	}
}

func textOf(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}
