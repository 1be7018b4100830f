package wootest

// rng is SplitMix64: small, fast and the same on every machine, so that (seed, kind, index) always gives one record.
type rng struct{ state uint64 }

// The kinds keep the streams of different records apart.
const (
	saltProduct uint64 = iota + 1
	saltCustomer
	saltOrder
	saltGuest
)

func newRNG(seed int64, salt uint64, index int) rng {
	r := rng{state: uint64(seed)*0x9e3779b97f4a7c15 ^ salt<<56 ^ uint64(index)*0xbf58476d1ce4e5b9}
	r.next()
	return r
}

func (r *rng) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// intn gives a number in [0, n).
func (r *rng) intn(n int) int { return int(r.next() % uint64(n)) }

// chance is true in p of 100 cases.
func (r *rng) chance(p int) bool { return r.intn(100) < p }

// unitInterval gives a float in [0, 1), for fault rates.
func (r *rng) unitInterval() float64 { return float64(r.next()>>11) / (1 << 53) }

// spread places k marks evenly among n indexes. It answers in constant time whether an index is marked, how many marks
// lie before it and where a mark is, which is how the seeded store knows its variable products and its hidden orders.
type spread struct{ k, n int }

func (s spread) marked(i int) bool { return s.n > 0 && i*s.k%s.n < s.k }

// before counts the marks at indexes below i.
func (s spread) before(i int) int {
	if s.n == 0 || s.k == 0 || i == 0 {
		return 0
	}
	return (i-1)*s.k/s.n + 1
}

// at gives the index of the mark numbered m, from 0.
func (s spread) at(m int) int { return (m*s.n + s.k - 1) / s.k }
