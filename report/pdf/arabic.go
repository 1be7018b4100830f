package pdf

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// A PDF library places letters from left to right, one shape each. Text that is written from right to left is therefore put into the order in
// which it is seen, and Arabic letters are replaced by the shapes that they have beside their neighbours.

// visual gives a text in the order in which it is seen, from left to right.
func visual(text string) string {
	if !strings.ContainsFunc(text, isRightToLeft) {
		return text
	}
	text = shaped(text)
	var p bidi.Paragraph
	if _, err := p.SetString(text, bidi.DefaultDirection(bidi.LeftToRight)); err != nil {
		return text
	}
	order, err := p.Order()
	if err != nil {
		return text
	}
	var runs []run
	for i := range order.NumRuns() {
		part := order.Run(i)
		r := run{part.String(), part.Direction() == bidi.RightToLeft}
		if number := leadingNumber(r.text); number > 0 && i > 0 && !r.rightToLeft && number < len(r.text) {
			runs = append(runs, run{text: r.text[:number]}) // it is seen apart from the letters that follow it
			r.text = r.text[number:]
		}
		runs = append(runs, r)
	}
	return inOrder(runs, startsRightToLeft(text))
}

// run is a part of a text that is written in one direction.
type run struct {
	text        string
	rightToLeft bool
}

// inOrder puts runs into the order in which they are seen. In a text that begins from left to right, numbers that follow a run from right to
// left belong to it, and are seen on its left.
func inOrder(runs []run, rightToLeft bool) string {
	var seen strings.Builder
	if rightToLeft {
		for _, r := range slices.Backward(runs) {
			seen.WriteString(r.seen())
		}
		return seen.String()
	}
	for i := 0; i < len(runs); i++ {
		last := i
		for runs[i].rightToLeft && last+1 < len(runs) && (runs[last+1].rightToLeft || runs[last+1].isNumber()) {
			last++
		}
		for _, r := range slices.Backward(runs[i : last+1]) {
			seen.WriteString(r.seen())
		}
		i = last
	}
	return seen.String()
}

func (r run) isNumber() bool { return r.text != "" && leadingNumber(r.text) == len(r.text) }

// leadingNumber gives how long the number is that a text begins with.
func leadingNumber(text string) int {
	end := 0
	for i, r := range text {
		switch {
		case unicode.IsDigit(r):
			end = i + utf8.RuneLen(r)
		case end == 0 || !strings.ContainsRune(".,:/-%", r):
			return end
		}
	}
	return end
}

func (r run) seen() string {
	if r.rightToLeft {
		return bidi.ReverseString(r.text)
	}
	return r.text
}

func isRightToLeft(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}

// startsRightToLeft reports whether the first letter of a text is one that is written from right to left.
func startsRightToLeft(text string) bool {
	for _, r := range text {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

// shapes are the forms of an Arabic letter; zero where it has none.
type shapes struct{ isolated, final, initial, medial rune }

func (s shapes) joinsNext() bool { return s.initial != 0 }

// Lam and alef are written as one sign.
const lam = 'ل'

// arabic gives the forms of all letters, and those of lam with each alef. Unicode lists the forms of a letter one after the other, isolated,
// final, initial, medial, and says of each which letter it is of.
var arabic = sync.OnceValues(func() (letters map[rune]shapes, withLam map[rune]shapes) {
	forms, order := map[string][]rune{}, []string{}
	for _, block := range [][2]rune{{0xfb50, 0xfbb1}, {0xfbd3, 0xfbe7}, {0xfbfc, 0xfbff}, {0xfe80, 0xfefc}} {
		for r := block[0]; r <= block[1]; r++ {
			of := norm.NFKC.String(string(r))
			if forms[of] == nil {
				order = append(order, of)
			}
			forms[of] = append(forms[of], r)
		}
	}
	letters, withLam = map[rune]shapes{}, map[rune]shapes{}
	for _, of := range order {
		var s shapes
		for i, into := range []*rune{&s.isolated, &s.final, &s.initial, &s.medial} {
			if i < len(forms[of]) {
				*into = forms[of][i]
			}
		}
		switch base := []rune(of); {
		case len(base) == 1:
			letters[base[0]] = s
		case len(base) == 2 && base[0] == lam:
			withLam[base[1]] = s
		}
	}
	return letters, withLam
})

// shaped replaces Arabic letters by the forms that they have beside their neighbours.
func shaped(text string) string {
	letters, withLam := arabic()
	in := []rune(text)
	out := make([]rune, 0, len(in))
	joined := false // whether the letter before reaches to this one
	for i := 0; i < len(in); i++ {
		s, ok := letters[in[i]]
		if !ok {
			out, joined = append(out, in[i]), in[i] == 'ـ' // a tatweel joins on both sides
			continue
		}
		if i+1 < len(in) && in[i] == lam {
			if ligature, ok := withLam[in[i+1]]; ok {
				s, i = ligature, i+1
			}
		}
		next := s.joinsNext() && i+1 < len(in) && reachesBack(letters, in[i+1])
		out = append(out, s.form(joined, next))
		joined = next
	}
	return string(out)
}

// reachesBack reports whether a letter is joined to the one before it.
func reachesBack(letters map[rune]shapes, r rune) bool {
	return letters[r].final != 0 || r == 'ـ'
}

func (s shapes) form(before, after bool) rune {
	switch {
	case before && after && s.medial != 0:
		return s.medial
	case after && s.initial != 0:
		return s.initial
	case before && s.final != 0:
		return s.final
	}
	return s.isolated
}
