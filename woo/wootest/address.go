package wootest

// address is a billing or shipping address; e-mail belongs to billing only.
type address struct {
	FirstName text `json:"first_name"`
	LastName  text `json:"last_name"`
	Company   text `json:"company"`
	Address1  text `json:"address_1"`
	Address2  text `json:"address_2"`
	City      text `json:"city"`
	State     text `json:"state"`
	Postcode  text `json:"postcode"`
	Country   text `json:"country"`
	Email     text `json:"email"`
	Phone     text `json:"phone"`
}

func (e *encoder) address(name string, a *address, billing bool) {
	e.object(name)
	e.str("first_name", string(a.FirstName))
	e.str("last_name", string(a.LastName))
	e.str("company", string(a.Company))
	e.str("address_1", string(a.Address1))
	e.str("address_2", string(a.Address2))
	e.str("city", string(a.City))
	e.str("state", string(a.State))
	e.str("postcode", string(a.Postcode))
	e.str("country", string(a.Country))
	if billing {
		e.str("email", string(a.Email))
	}
	e.str("phone", string(a.Phone))
	e.close('}')
}

var (
	firstNames = []string{"Anna", "Bruno", "Claire", "David", "Élodie", "Farid", "Greta", "Hugo", "Inès", "Jonas", "Karin", "Luc"}
	lastNames  = []string{"Martin", "Bernard", "Dubois", "Müller", "Schmidt", "Laurent", "Garnier", "Fischer", "O'Brien", "Petit", "Roux"}
	places     = []struct{ city, postcode, country string }{
		{"Paris", "75001", "FR"}, {"Lyon", "69001", "FR"}, {"Lille", "59000", "FR"}, {"Nantes", "44000", "FR"},
		{"Toulouse", "31000", "FR"}, {"Rennes", "35000", "FR"}, {"Dijon", "21000", "FR"}, {"Berlin", "10115", "DE"},
	}
)

// seedAddress makes up an address; mail is its e-mail.
func seedAddress(r *rng, mail string) address {
	place := places[r.intn(len(places))]
	a := address{
		FirstName: text(firstNames[r.intn(len(firstNames))]),
		LastName:  text(lastNames[r.intn(len(lastNames))]),
		Address1:  text(identifier(1+r.intn(99)) + " Rue Haute"),
		City:      text(place.city),
		Postcode:  text(place.postcode),
		Country:   text(place.country),
		Email:     text(mail),
		Phone:     text("+33 1 00 00 " + identifier(1000+r.intn(9000))),
	}
	if r.chance(20) {
		a.Address2 = "2e étage"
	}
	return a
}
