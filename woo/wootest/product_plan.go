package wootest

const (
	firstProduct  = 10
	uncategorized = 15 // the category WordPress files products under that have none
	maxVariations = 6
)

// productPlan knows what every seeded product is without making it: which are variable, how many variations they have
// and under which ids.
type productPlan struct {
	seed           int64
	count          int
	variable       spread
	first          int // id of the first product
	firstVariation int // each variable product has maxVariations ids reserved from here on
	firstImage     int

	categories, tags, brands []int
	heavy                    string // slug of a shipping class
	colour, size             attribute
	start                    int64 // Unix seconds of the oldest product
}

var (
	colours    = []string{"Red", "Green", "Blue", "Black", "White", "Yellow"}
	sizes      = []string{"S", "M"}
	adjectives = []string{"Alpine", "Classic", "Daily", "Fine", "Golden", "Hearty", "Little", "Modern", "Noble", "Plain", "Rustic", "Swift"}
	nouns      = []string{"Backpack", "Candle", "Chair", "Coffee", "Desk lamp", "Honey", "Jacket", "Kettle", "Mug", "Notebook", "Olive oil",
		"Pillow", "Shirt", "Soap", "Tea", "Towel"}
)

// kind tells the type of the product at an index.
func (p *productPlan) kind(index int) string {
	switch {
	case p.variable.marked(index):
		return "variable"
	case index%40 == 7 && index > 3:
		return "grouped"
	case index%40 == 11:
		return "external"
	}
	return "simple"
}

// sellable tells whether orders may hold the product itself.
func (p *productPlan) sellable(index int) bool {
	switch p.kind(index) {
	case "grouped", "external":
		return false
	}
	return true
}

func (p *productPlan) virtual(index int) bool      { return p.kind(index) == "simple" && index%20 == 3 }
func (p *productPlan) downloadable(index int) bool { return p.kind(index) == "simple" && index%40 == 3 }
func (p *productPlan) hasImage(index int) bool     { return index%3 == 0 }

// variableIndex gives the number of a variable product among the variable ones.
func (p *productPlan) variableIndex(id int) (int, bool) {
	index := id - p.first
	if index < 0 || index >= p.count || !p.variable.marked(index) {
		return 0, false
	}
	return p.variable.before(index), true
}

// variationCount is two to six. The number is the variable product's among the variable ones.
func (p *productPlan) variationCount(number int) int {
	return 2 + (number*7+int(p.seed&3))%(maxVariations-1)
}

func (p *productPlan) variationID(number, k int) int {
	return p.firstVariation + number*maxVariations + k
}

// anySize tells whether the variation leaves the size open; it is the last of every fifth variable product.
func (p *productPlan) anySize(number, k int) bool {
	return number%5 == 0 && k == p.variationCount(number)-1
}

// choice gives the colour and size of a variation; size is "" for any.
func (p *productPlan) choice(number, k int) (colour, size string) {
	if p.anySize(number, k) {
		return colours[len(colours)-1], ""
	}
	return colours[k/2], sizes[k%2]
}

// facts are what an order line or a variation needs of a product; making them costs a tenth of the whole record.
type facts struct {
	name     string
	price    money // regular, whole cents
	sale     money // 0 when never on sale
	taxClass string
	managed  bool
	stock    int
}

func (p *productPlan) facts(index int) facts {
	r := newRNG(p.seed, saltProduct, index)
	f := facts{
		name:  adjectives[r.intn(len(adjectives))] + " " + nouns[r.intn(len(nouns))] + " " + identifier(index+1),
		price: money(100+r.intn(14900)) * cent,
	}
	switch n := r.intn(10); {
	case n >= 9:
		f.taxClass = "zero-rate"
	case n >= 7:
		f.taxClass = "reduced-rate"
	}
	f.managed = r.chance(70) && p.kind(index) == "simple" && !p.virtual(index)
	f.stock = 20 + r.intn(480)
	if r.chance(20) {
		f.sale = (f.price * 4 / 5).rounded()
	}
	return f
}

// variationPrice rises a little with each variation.
func (f facts) variationPrice(k int) money { return f.price + money(k)*50*cent }

// variationManaged: one variation in seven leaves its stock unmanaged.
func variationManaged(number, k int) bool { return (number+k)%7 != 0 }
