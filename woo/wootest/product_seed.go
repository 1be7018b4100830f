package wootest

import "time"

// Sale prices run in one of four ways, so that importers meet all of them. Dates are far away from any real today.
var (
	saleStarted = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()
	saleFuture  = time.Date(2098, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()
	saleEnd     = time.Date(2099, time.December, 31, 23, 59, 59, 0, time.UTC).Unix()
	saleExpired = time.Date(2025, time.March, 31, 23, 59, 59, 0, time.UTC).Unix()
)

// saleDates gives the period of a seeded sale price and whether it is on.
func saleDates(index int) (from, to int64, on bool) {
	switch index % 4 {
	case 0:
		return 0, 0, true
	case 1:
		return saleStarted, saleEnd, true
	case 2:
		return saleFuture, saleEnd, false
	}
	return saleStarted, saleExpired, false
}

// current is the price seeded orders were made at.
func (f facts) current(index int) money {
	if _, _, on := saleDates(index); on && f.sale > 0 {
		return f.sale
	}
	return f.price
}

func (p *productPlan) status(index int) text {
	switch index % 50 {
	case 13:
		return "draft"
	case 31:
		return "private"
	}
	return "publish"
}

// date is when a product was created; products are a minute apart. They were last changed an hour later.
func (p *productPlan) date(index int) int64 { return p.start + int64(index)*60 }

const productSettled = int64(time.Hour / time.Second)

func (p *productPlan) head(index int) head {
	created := p.date(index)
	return head{id: p.first + index, status: string(p.status(index)), created: created, modified: created + productSettled}
}

// product makes the seeded product at an index.
func (p *productPlan) product(index int) *product {
	f := p.facts(index)
	made := newProduct(p.date(index))
	made.ID = p.first + index
	made.modified = made.created + productSettled
	made.Name, made.Slug, made.SKU = text(f.name), text(slugASCII(f.name)), text(p.sku(index))
	made.Type, made.Status = text(p.kind(index)), p.status(index)
	made.Description = text("<p>" + f.name + " &amp; a longer text about it.</p>")
	made.ShortDescription = text("<p>" + f.name + "</p>")
	made.TaxClass = text(f.taxClass)
	made.Featured = index%25 == 0
	made.sold = index % 17
	p.file(&made, index)
	p.pack(&made, index)
	p.priceAndStock(&made, index, f)
	if index%5 == 0 {
		made.GTIN = text(gtin(made.ID))
	}
	if index%6 == 0 {
		made.meta = []meta{textMeta(made.ID*4+1, "_supplier_code", "SUP-"+identifier(index%97))}
	}
	return &made
}

// file puts the product into categories, tags, brand and pictures.
func (p *productPlan) file(made *product, index int) {
	for _, id := range p.categoriesOf(index) {
		made.Categories = append(made.Categories, termRef{ID: integer(id)})
	}
	if index%2 == 0 {
		made.Tags = list[termRef]{{ID: integer(p.tags[index/2%len(p.tags)])}}
	}
	if index%3 != 2 {
		made.Brands = list[termRef]{{ID: integer(p.brands[index%len(p.brands)])}}
	}
	if p.hasImage(index) {
		made.Images = list[picture]{p.picture(index)}
	}
}

func (p *productPlan) categoriesOf(index int) []int {
	if index%10 == 9 {
		return []int{p.categories[index%len(p.categories)], p.categories[(index+5)%len(p.categories)]}
	}
	return []int{p.categories[index%len(p.categories)]}
}

func (p *productPlan) picture(index int) picture {
	id := p.firstImage + index
	return picture{ID: integer(id), Name: text("image-" + identifier(id)), created: p.date(index)}
}

// pack gives weight and size to what is shipped, and files to what is downloaded.
func (p *productPlan) pack(made *product, index int) {
	made.Virtual = boolean(p.virtual(index))
	made.Downloadable = boolean(p.downloadable(index))
	if made.Downloadable {
		made.Downloads = list[download]{{ID: text("file-" + identifier(index)), Name: "Manual", File: "https://files.example.com/manual.pdf"}}
	}
	if made.Virtual || made.Type == "external" || made.Type == "grouped" {
		return
	}
	made.Weight = text(money(int64(index%40+1) * int64(unit) / 8).String())
	if index%4 == 0 {
		made.Dimensions = dimensions{Length: "10", Width: "20.5", Height: text(identifier(index%30 + 1))}
	}
	if index%8 == 0 {
		made.ShippingClass = text(p.heavy)
	}
}

// priceAndStock fills in what depends on the type.
func (p *productPlan) priceAndStock(made *product, index int, f facts) {
	switch made.Type {
	case "variable":
		made.Attributes = p.attributes()
		return
	case "grouped":
		made.Grouped = list[integer]{integer(p.first + index - 2), integer(p.first + index - 1)}
		return
	case "external":
		made.ExternalURL, made.ButtonText = "https://shop.example.com/item", "Buy"
	}
	made.RegularPrice = text(f.price.String())
	if f.sale > 0 {
		made.SalePrice = text(f.sale.String())
		made.saleFrom, made.saleTo, _ = saleDates(index)
	}
	if f.managed {
		stock := integer(f.stock)
		made.ManageStock, made.Stock = stockOn, &stock
	}
}

// attributes are those of every variable product: a colour and a size to choose, a material to read.
func (p *productPlan) attributes() list[productAttribute] {
	all := list[productAttribute]{
		{ID: integer(p.colour.ID), Name: p.colour.Name, slug: string(p.colour.Slug), Visible: true, Variation: true},
		{ID: integer(p.size.ID), Name: p.size.Name, slug: string(p.size.Slug), Position: 1, Visible: true, Variation: true},
		{Name: "Material", slug: "Material", Position: 2, Visible: true, Options: list[text]{"Cotton"}},
	}
	for _, colour := range colours {
		all[0].Options = append(all[0].Options, text(colour))
	}
	for _, size := range sizes {
		all[1].Options = append(all[1].Options, text(size))
	}
	return all
}

// variationHead is the head of the record in a slot; its id is 0 when the slot is empty.
func (p *productPlan) variationHead(slot int) head {
	number, k := slot/maxVariations, slot%maxVariations
	if k >= p.variationCount(number) {
		return head{}
	}
	created := p.date(p.variable.at(number))
	return head{id: p.firstVariation + slot, status: "publish", created: created, modified: created + productSettled}
}

// variation makes the seeded variation in a slot, nil when the slot is empty.
func (p *productPlan) variation(slot int) *product {
	number, k := slot/maxVariations, slot%maxVariations
	if k >= p.variationCount(number) {
		return nil
	}
	index := p.variable.at(number)
	f := p.facts(index)
	made := newProduct(p.date(index))
	made.ID, made.Parent, made.Type = p.firstVariation+slot, p.first+index, "variation"
	made.modified = made.created + productSettled
	made.SKU = text(p.sku(index) + "-" + identifier(k+1))
	made.TaxClass, made.Reviews, made.MenuOrder = "parent", false, integer(k)
	made.RegularPrice = text(f.variationPrice(k).String())
	made.Weight = text(money(int64(k+1) * int64(unit) / 10).String())
	colour, size := p.choice(number, k)
	made.Attributes = list[productAttribute]{{ID: integer(p.colour.ID), Name: p.colour.Name, slug: string(p.colour.Slug), Option: text(colour)}}
	if size != "" {
		made.Attributes = append(made.Attributes,
			productAttribute{ID: integer(p.size.ID), Name: p.size.Name, slug: string(p.size.Slug), Option: text(size)})
	}
	if variationManaged(number, k) {
		stock := integer(5 + (number*13+k*29)%200)
		made.ManageStock, made.Stock = stockOn, &stock
	}
	if k == 0 && number%4 == 0 {
		made.GTIN = text(gtin(made.ID))
	}
	return &made
}

// slugASCII is slugify for the plain names seeded products have.
func slugASCII(name string) string {
	b := []byte(name)
	for i, c := range b {
		switch {
		case c == ' ':
			b[i] = '-'
		case c >= 'A' && c <= 'Z':
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
