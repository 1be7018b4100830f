package pdf

// column is one of a table. Amounts stand on the right, and are never cut; texts stand on the left, and share what is left.
type column struct {
	head  string
	align int
	whole bool // a text that is never cut either
}

func (c column) uncut() bool { return c.align == right || c.whole }

// table is rows below heads, which are repeated where it goes on over pages.
type table struct {
	columns []column
	rows    [][]string
	total   []string // the last row; nil for none
}

const (
	// cellPadding is left free on both sides of a cell.
	cellPadding = 1.2
	// narrowest is how wide a column of texts is at least, where its texts are as long.
	narrowest = 20.0
	// smallest is how small the letters of a table may get for its amounts to have room, in points.
	smallest = 4.5
)

// table prints a table.
func (s *sheet) table(t table) {
	usual := s.size
	widths := s.widths(t)
	high := s.rowHeight()
	s.room(3 * high)
	s.head(t.columns, widths)
	for i, row := range t.rows {
		if s.room(high) {
			s.head(t.columns, widths)
		}
		if i%2 == 1 {
			s.fill(margin, s.y, s.width(), high, s.accent.light(0.92))
		}
		s.row(t.columns, widths, row, look{size: s.size, colour: s.ink})
	}
	if t.total != nil {
		if s.room(high) {
			s.head(t.columns, widths)
		}
		s.line(margin, s.y, margin+s.width(), s.y, s.accent)
		s.row(t.columns, widths, t.total, look{size: s.size, bold: true, colour: s.ink})
	}
	s.size = usual
}

func (s *sheet) rowHeight() float64 { return s.size * 0.56 }

// widths makes room for all amounts, with smaller letters where it takes that, and then for the texts.
func (s *sheet) widths(t table) []float64 {
	for {
		widths, needed, texts := s.wanted(t), 0.0, 0.0
		for i, c := range t.columns {
			if c.uncut() {
				needed += widths[i]
				continue
			}
			needed += min(widths[i], narrowest)
			texts += widths[i]
		}
		if needed > s.width() && s.size > smallest {
			s.size -= 0.5
			continue
		}
		return s.share(t.columns, widths, texts)
	}
}

// share gives columns of texts what the amounts leave: more than they need, or each as much less as it is wide.
func (s *sheet) share(columns []column, widths []float64, texts float64) []float64 {
	left := s.width()
	for i, c := range columns {
		if c.uncut() {
			left -= widths[i]
		}
	}
	narrow := 0.0 // what columns take that are as narrow as can be
	for i, c := range columns {
		if !c.uncut() && widths[i] <= narrowest {
			narrow += widths[i]
		}
	}
	for i, c := range columns {
		switch {
		case c.uncut():
		case texts <= left:
			widths[i] += (left - texts) * widths[i] / texts
		case widths[i] > narrowest:
			widths[i] = (left - narrow) * widths[i] / (texts - narrow)
		}
	}
	return widths
}

// wanted gives how wide columns are that have room for everything in them.
func (s *sheet) wanted(t table) []float64 {
	widths := make([]float64, len(t.columns))
	seen := map[string]float64{}
	see := func(i int, text string, bold bool) {
		took, known := seen[text]
		if !known || bold {
			took = s.measure(s.pieces(text, bold), s.size) + 2*cellPadding + 0.1
			seen[text] = took
		}
		widths[i] = max(widths[i], took)
	}
	for i, c := range t.columns {
		see(i, c.head, true)
	}
	for i, text := range t.total {
		see(i, text, true)
	}
	for _, row := range t.rows {
		for i, text := range row {
			see(i, text, false)
		}
	}
	return widths
}

func (s *sheet) head(columns []column, widths []float64) {
	s.fill(margin, s.y, s.width(), s.rowHeight(), s.accent)
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.head
	}
	s.row(columns, widths, heads, look{size: s.size, bold: true, colour: s.accent.over()})
}

func (s *sheet) row(columns []column, widths []float64, cells []string, l look) {
	x := margin
	high := s.rowHeight()
	for i, cell := range cells {
		l.align = columns[i].align
		s.write(x+cellPadding, s.y+high*0.72, widths[i]-2*cellPadding, cell, l)
		x += widths[i]
	}
	s.y += high
}
