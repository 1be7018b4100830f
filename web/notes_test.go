package web_test

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	verbs  = regexp.MustCompile(`%[a-z]`)
	places = regexp.MustCompile(`\{\{\w+\}\}`)
	gaps   = regexp.MustCompile(`…(?:[ …]*…)?`)
	letter = regexp.MustCompile(`[a-z]`)
)

// The steps of the log are sentences of the program. The page knows each by its English words, and says it in the reader's language.
func TestThePageHasWordsForEveryNote(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("src", "words", "en.json"))
	require.NoError(t, err)
	var words struct{ Note map[string]string }
	require.NoError(t, json.Unmarshal(text, &words))
	known := map[string]bool{}
	for _, said := range words.Note {
		known[gaps.ReplaceAllString(places.ReplaceAllString(said, "…"), "…")] = true
	}
	notes := notesIn(t, "..")
	require.Greater(t, len(notes), 40)
	for _, note := range notes {
		require.True(t, known[note], "en.json has no note %q: add it there and in de.json, with {{names}} where it says …", note)
	}
}

// notesIn reads the steps that are noted in the log out of the sources, with … for what they name.
func notesIn(t *testing.T, root string) []string {
	t.Helper()
	s := sources{t: t, constants: map[string]string{}, codes: map[string]bool{}}
	for _, folder := range []string{"entity", "erp"} {
		s.parse(filepath.Join(root, folder))
	}
	var notes []string
	seen := map[string]bool{}
	add := func(text string) {
		text = gaps.ReplaceAllString(text, "…")
		if letter.MatchString(text) && !seen[text] {
			notes, seen[text] = append(notes, text), true
		}
	}
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				switch name := lastName(n.Fun); {
				case name == "Note" && len(n.Args) == 1:
					add(templateOf(n.Args[0]))
				case name == "note" && len(n.Args) == 3: // of imageSender: what could not be done, and why
					add(templateOf(n.Args[1]) + ": …")
				case name == "append" && isSteps(n.Args[0]):
					for _, step := range n.Args[1:] {
						add(templateOf(step))
					}
				}
			case *ast.KeyValueExpr:
				if list, ok := n.Value.(*ast.CompositeLit); ok && lastName(n.Key) == "steps" {
					for _, step := range list.Elts {
						add(templateOf(step))
					}
				}
			}
			return true
		})
	}
	return notes
}

// isSteps tells lists of steps from other lists: by their name, as everything here is texts.
func isSteps(list ast.Expr) bool {
	switch lastName(list) {
	case "steps", "notes", "Steps":
		return true
	default:
		return false
	}
}

// templateOf is a text as the source puts it together, with … for what is not known before it runs.
func templateOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := textOf(e)
		return text
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return templateOf(e.X) + templateOf(e.Y)
		}
	case *ast.CallExpr:
		if lastName(e.Fun) == "Sprintf" {
			return strings.ReplaceAll(verbs.ReplaceAllString(templateOf(e.Args[0]), "…"), "%%", "%")
		}
	}
	return "…"
}
