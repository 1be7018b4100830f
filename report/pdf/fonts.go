package pdf

import (
	"strings"
	"sync"
	"unicode"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/go-fonts/dejavu/dejavusansmono"
	"github.com/go-fonts/dejavu/dejavusansmonobold"
	"github.com/go-fonts/dejavu/dejavuserifcondensed"
	"github.com/go-fonts/dejavu/dejavuserifcondensedbold"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// missing stands for a character that no font has. It is seen, and it says that something is there.
const missing = '□'

// face is one of the fonts, in one weight.
type face struct {
	family, style string
	ttf           []byte

	parse  sync.Once
	parsed *sfnt.Font
}

// families are the fonts by name, each regular and bold. The sans has most letters: Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian, Georgian.
// Its own comes first; what a font does not have is taken from the sans.
var families = map[string][2]*face{
	"sans":  {{family: "sans", ttf: dejavusanscondensed.TTF}, {family: "sans", style: "B", ttf: dejavusanscondensedbold.TTF}},
	"serif": {{family: "serif", ttf: dejavuserifcondensed.TTF}, {family: "serif", style: "B", ttf: dejavuserifcondensedbold.TTF}},
	"mono":  {{family: "mono", ttf: dejavusansmono.TTF}, {family: "mono", style: "B", ttf: dejavusansmonobold.TTF}},
}

// has reports whether the font has a character. The library keeps characters in two bytes.
func (f *face) has(r rune) bool {
	f.parse.Do(func() { f.parsed, _ = sfnt.Parse(f.ttf) })
	if f.parsed == nil || r > 0xffff {
		return false
	}
	index, err := f.parsed.GlyphIndex(nil, r)
	return err == nil && index != 0
}

// piece is a part of a text in one font.
type piece struct {
	face *face
	text string
}

// pieces splits a text, in the order in which it is seen, by the fonts that have its characters. lost says that there was one that none has.
func pieces(text string, own, other *face) (list []piece, lost bool) {
	add := func(f *face, r rune) {
		if n := len(list); n > 0 && list[n-1].face == f {
			list[n-1].text += string(r)
			return
		}
		list = append(list, piece{f, string(r)})
	}
	for _, r := range text {
		switch {
		case own.has(r):
			add(own, r)
		case other.has(r):
			add(other, r)
		default:
			lost = true
			add(other, missing)
		}
	}
	return list, lost
}

// printable gives a text on one line, without what is not printed: control characters, marks of direction, and marks above and below letters
// that do not make one letter with them.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f':
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(text, string(missing))))
	return strings.TrimSpace(text)
}
