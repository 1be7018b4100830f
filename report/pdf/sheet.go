package pdf

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"tandem/fault"
	"tandem/report"
)

// Measures of a page, in millimetres.
const (
	margin     = 15.0
	footHeight = 8.0
)

// printedAt is the date in every file: that of its making would make the same figures other bytes.
var printedAt = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// sheet is a document under way.
type sheet struct {
	*fpdf.Fpdf
	locale
	layout      report.Layout
	accent, ink rgb
	lost        bool    // whether a character had to be replaced
	size        float64 // of text, in points
	known       map[string]bool
	regular     [2]*face // of the layout's font
	y           float64  // where the page goes on
}

type rgb struct{ r, g, b int }

func parseColour(text string) rgb {
	n, _ := strconv.ParseUint(text[1:], 16, 32) // checked by report.Layout.Complete
	return rgb{int(n >> 16), int(n >> 8 & 0xff), int(n & 0xff)}
}

// light gives a colour mixed with white: part 0 is the colour.
func (c rgb) light(part float64) rgb {
	mix := func(v int) int { return v + int(float64(255-v)*part) }
	return rgb{mix(c.r), mix(c.g), mix(c.b)}
}

// bright reports whether black is read better on the colour than white.
func (c rgb) bright() bool { return 299*c.r+587*c.g+114*c.b > 150_000 }

func (c rgb) over() rgb {
	if c.bright() {
		return rgb{}
	}
	return rgb{255, 255, 255}
}

// strong is the colour of headings: the accent, unless that is too bright to be read on white.
func (s *sheet) strong() rgb {
	if s.accent.bright() {
		return s.ink
	}
	return s.accent
}

func newSheet(l report.Layout, language, title string) *sheet {
	s := &sheet{
		Fpdf: fpdf.New("P", "mm", l.Page, ""), locale: newLocale(language), layout: l, accent: parseColour(l.Accent), ink: parseColour(l.Ink),
		size: 9, known: map[string]bool{}, regular: families[l.Font],
	}
	s.SetCatalogSort(true)
	s.SetCreationDate(printedAt)
	s.SetModificationDate(printedAt)
	s.SetProducer("Tandem", false)
	s.SetTitle(title, true)
	s.SetLang(s.tag.String())
	s.SetMargins(margin, margin, margin)
	s.SetAutoPageBreak(false, 0)
	s.SetLineWidth(0.2)
	return s
}

// width is how wide a page is between its margins.
func (s *sheet) width() float64 {
	wide, _ := s.GetPageSize()
	return wide - 2*margin
}

// bottom is where the text of a page ends.
func (s *sheet) bottom() float64 {
	_, high := s.GetPageSize()
	return high - margin - footHeight
}

// newPage begins a page.
func (s *sheet) newPage() {
	s.AddPage()
	s.y = margin
}

// room makes sure that there is some height left on the page, and reports whether that took a new one.
func (s *sheet) room(height float64) bool {
	if s.PageCount() > 0 && s.y+height <= s.bottom() {
		return false
	}
	s.newPage()
	return true
}

// use selects a font.
func (s *sheet) use(f *face, size float64) {
	if name := f.family + f.style; !s.known[name] {
		s.known[name] = true
		s.AddUTF8FontFromBytes(f.family, f.style, bytes.Clone(f.ttf)) // the library writes into it
	}
	s.SetFont(f.family, f.style, size)
}

func weight(bold bool) int {
	if bold {
		return 1
	}
	return 0
}

// pieces gives a text as it is seen, by the fonts that have it.
func (s *sheet) pieces(text string, bold bool) []piece {
	list, lost := pieces(visual(printable(text)), s.regular[weight(bold)], families["sans"][weight(bold)])
	s.lost = s.lost || lost
	return list
}

func (s *sheet) measure(list []piece, size float64) (width float64) {
	for _, p := range list {
		s.use(p.face, size)
		width += s.GetStringWidth(p.text)
	}
	return width
}

// ellipsis says that a text goes on.
const ellipsis = "…"

// fit gives as much of a text as a width has room for.
func (s *sheet) fit(text string, bold bool, size, width float64) (list []piece, took float64) {
	list = s.pieces(text, bold)
	if took = s.measure(list, size); took <= width {
		return list, took
	}
	letters := []rune(printable(text))
	low, high := 0, len(letters)
	for low < high {
		middle := (low + high + 1) / 2
		list = s.pieces(string(letters[:middle])+ellipsis, bold)
		if s.measure(list, size) <= width {
			low = middle
		} else {
			high = middle - 1
		}
	}
	list = s.pieces(string(letters[:low])+ellipsis, bold)
	return list, s.measure(list, size)
}

// write prints a text within a box, of which y is the line that letters stand on. What has no room is left out.
func (s *sheet) write(x, y, width float64, text string, o look) {
	if text == "" {
		return
	}
	list, took := s.fit(text, o.bold, o.size, width)
	switch o.align {
	case right:
		x += width - took
	case centre:
		x += (width - took) / 2
	}
	s.SetTextColor(o.colour.r, o.colour.g, o.colour.b)
	for _, p := range list {
		s.use(p.face, o.size)
		s.Text(x, y, p.text)
		x += s.GetStringWidth(p.text)
	}
}

// look is how a text is printed.
type look struct {
	size   float64 // in points
	bold   bool
	align  int
	colour rgb
}

// Where a text stands in its box.
const (
	left = iota
	right
	centre
)

func (s *sheet) fill(x, y, width, height float64, c rgb) {
	s.SetFillColor(c.r, c.g, c.b)
	s.Rect(x, y, width, height, "F")
}

func (s *sheet) line(x1, y1, x2, y2 float64, c rgb) {
	s.SetDrawColor(c.r, c.g, c.b)
	s.Line(x1, y1, x2, y2)
}

// heading begins a part of the document, on a page that has room for it and something below.
func (s *sheet) heading(text string, below float64) {
	s.room(9 + below)
	s.y += 7
	s.write(margin, s.y, s.width(), text, look{size: s.size + 2, bold: true, colour: s.strong()})
	s.y += 2
}

// finish prints the foot of every page and gives the file.
func (s *sheet) finish(foot string) ([]byte, error) {
	_, high := s.GetPageSize()
	pages := s.PageCount()
	at := high - margin
	for n := 1; n <= pages; n++ {
		s.SetPage(n)
		s.SetFontSize(1) // the font that is selected is the last page's: another makes sure that it is named on this one
		s.line(margin, at-4.5, margin+s.width(), at-4.5, s.ink.light(0.7))
		small := look{size: 7.5, colour: s.ink.light(0.35)}
		s.write(margin, at, s.width()-40, foot, small)
		small.align = right
		s.write(margin+s.width()-40, at, 40, fmt.Sprintf(s.PageOf, n, pages), small)
	}
	var out bytes.Buffer
	if err := s.Output(&out); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the report cannot be printed")
	}
	return out.Bytes(), nil
}
