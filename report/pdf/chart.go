package pdf

import (
	"math"

	"github.com/shopspring/decimal"
)

// chartHeight is how high a chart is, with what stands below its bars.
const chartHeight = 58.0

// bar is one of a chart.
type bar struct {
	label string
	value decimal.Decimal
}

// chart draws bars over an axis of amounts, as vectors.
func (s *sheet) chart(bars []bar) {
	s.room(chartHeight)
	const below, wide = 7.0, 22.0
	x, top, high := margin+wide, s.y+2, chartHeight-below-4
	plot := s.width() - wide
	step, most := axis(bars)
	for value := 0.0; value <= most+step/2; value += step {
		y := top + high*(1-value/most)
		s.line(x, y, x+plot, y, s.ink.light(0.8))
		s.write(margin, y+1, wide-2, s.amount(decimal.NewFromFloat(value), decimalsOf(step)), look{size: 7, align: right, colour: s.ink.light(0.25)})
	}
	each := plot / float64(len(bars))
	every := int(math.Ceil(16 / each)) // labels have room beside each other
	for i, b := range bars {
		left := x + float64(i)*each
		if value := b.value.InexactFloat64(); value > 0 {
			s.fill(left+each*0.15, top+high*(1-value/most), each*0.7, high*value/most, s.accent)
		}
		if i%every == 0 {
			room := each * float64(every)
			s.write(left+each/2-room/2, top+high+4, room, b.label, look{size: 7, align: centre, colour: s.ink.light(0.25)})
		}
	}
	s.line(x, top+high, x+plot, top+high, s.ink)
	s.y += chartHeight
}

// axis gives a round step of an axis from zero over all bars, and where it ends.
func axis(bars []bar) (step, most float64) {
	for _, b := range bars {
		most = max(most, b.value.InexactFloat64())
	}
	if most <= 0 {
		return 1, 1
	}
	step = math.Pow(10, math.Floor(math.Log10(most/4)))
	for _, times := range []float64{2, 2.5, 2} { // 2, 5, 10 of the power of ten
		if most/step <= 5 {
			break
		}
		step *= times
	}
	return step, step * math.Ceil(most/step)
}

// decimalsOf gives how many decimals a step of an axis has.
func decimalsOf(step float64) int32 {
	return int32(max(0, -math.Floor(math.Log10(step)+1e-9)))
}
