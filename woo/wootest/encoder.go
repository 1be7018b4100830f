package wootest

import (
	"encoding/json"
	"strconv"
	"time"
)

const stamp = "2006-01-02T15:04:05"

// encoder appends JSON by hand. Products, customers and orders go through it because the simulator shares the machine
// with the import it feeds: reflection would cost more than making up the record.
type encoder struct {
	b     []byte
	dp    int            // decimals of amounts
	rules taxRules       // the shop's, by which the taxes of lines are summed when they are read
	zone  *time.Location // of the dates without _gmt
	home  string         // address of the site, no slash at the end
	api   string         // address of wc/v3, no slash at the end

	fields []string // what to keep of each record; empty is all
	mark   int      // where the record being written begins
}

// next writes the comma a further element needs.
func (e *encoder) next() {
	if n := len(e.b); n > 0 {
		switch e.b[n-1] {
		case '{', '[', ':', ',':
		default:
			e.b = append(e.b, ',')
		}
	}
}

func (e *encoder) key(name string) {
	e.next()
	e.b = append(e.b, '"')
	e.b = append(e.b, name...)
	e.b = append(e.b, '"', ':')
}

func (e *encoder) open(bracket byte)  { e.next(); e.b = append(e.b, bracket) }
func (e *encoder) close(bracket byte) { e.b = append(e.b, bracket) }

// object and array open a named container; the caller closes it.
func (e *encoder) object(name string) { e.key(name); e.b = append(e.b, '{') }
func (e *encoder) array(name string)  { e.key(name); e.b = append(e.b, '[') }

func (e *encoder) str(name, value string) { e.key(name); e.quote(value) }

func (e *encoder) num(name string, value int) {
	e.key(name)
	e.b = strconv.AppendInt(e.b, int64(value), 10)
}

func (e *encoder) flag(name string, value bool) {
	e.key(name)
	e.b = strconv.AppendBool(e.b, value)
}

// raw writes a value that is JSON already.
func (e *encoder) raw(name, value string) {
	e.key(name)
	e.b = append(e.b, value...)
}

func (e *encoder) amount(name string, value money) {
	e.key(name)
	e.b = append(e.b, '"')
	e.b = value.append(e.b, e.dp)
	e.b = append(e.b, '"')
}

// float writes a JSON number the shortest way that reads back the same.
func (e *encoder) float(name string, value float64) {
	e.key(name)
	e.b = strconv.AppendFloat(e.b, value, 'f', -1, 64)
}

// dates writes an instant twice: in the site's time zone and, with _gmt, in UTC. Zero is null.
func (e *encoder) dates(name string, unix int64) {
	e.date(name, unix, e.zone)
	e.date(name+"_gmt", unix, time.UTC)
}

func (e *encoder) date(name string, unix int64, zone *time.Location) {
	if unix == 0 {
		e.raw(name, "null")
		return
	}
	e.key(name)
	e.b = append(e.b, '"')
	e.b = time.Unix(unix, 0).In(zone).AppendFormat(e.b, stamp)
	e.b = append(e.b, '"')
}

// ids writes a list of numbers.
func (e *encoder) ids(name string, values []int) {
	e.array(name)
	for _, v := range values {
		e.next()
		e.b = strconv.AppendInt(e.b, int64(v), 10)
	}
	e.close(']')
}

// quote appends a JSON string; plain ASCII is copied, the rest goes through encoding/json.
func (e *encoder) quote(s string) {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x7f {
			quoted, err := json.Marshal(s)
			if err != nil {
				quoted = []byte(`""`)
			}
			e.b = append(e.b, quoted...)
			return
		}
	}
	e.b = append(e.b, '"')
	e.b = append(e.b, s...)
	e.b = append(e.b, '"')
}

// identifier turns a number or a slug into the last segment of a link.
func identifier(id any) string {
	if n, ok := id.(int); ok {
		return strconv.Itoa(n)
	}
	s, _ := id.(string)
	return s
}

// document writes any value through encoding/json and leaves the object open, so that links can follow.
func (e *encoder) document(v any) {
	b, err := json.Marshal(v)
	if err != nil || len(b) < 2 {
		b = []byte("{}")
	}
	e.b = append(e.b, b[:len(b)-1]...)
}
