package pdf

import "golang.org/x/text/language"

// words are the texts of a report. docs/reports.md says what the measures are.
type words struct {
	Date                                                                               string // the layout of a day
	SalesReport, PageOf, Nothing, Missing, Total                                       string
	Orders, Units, Goods, Shipping, Fees, Net, Discounts, Tax, Gross, Credit           string
	Average, Refunds                                                                   string
	Day, Week, Month, Quarter, Year, Product, Country, Gateway, Rate, Number, Status   string
	Order, Refund, Kind                                                                string
	Figures, ByPeriod, BestSelling, ByCountry, ByGateway, Taxes, TaxesRefunded, Listed string
	None                                                                               string // for sales without a country or a gateway
}

// languages are those that there are words in. The first is taken for any other.
var languages = []language.Tag{language.English, language.German, language.French, language.Spanish, language.Italian, language.Dutch}

var wordsOf = map[language.Tag]words{
	language.English: {
		Date: "2 Jan 2006", SalesReport: "Sales report", PageOf: "Page %d of %d", Nothing: "Nothing was sold in this time.",
		Missing: "□ stands for a character that the fonts of this report do not have.", Total: "Total",
		Orders: "Orders", Units: "Units", Goods: "Goods", Shipping: "Shipping", Fees: "Fees", Net: "Net", Discounts: "Discounts", Tax: "Tax",
		Gross: "Gross", Credit: "Gift cards and store credit", Average: "Average order", Refunds: "Refunds",
		Day: "Day", Week: "Week", Month: "Month", Quarter: "Quarter", Year: "Year", Product: "Product", Country: "Country",
		Gateway: "Payment method", Rate: "Rate", Number: "Number", Status: "Status", Order: "Order", Refund: "Refund", Kind: "Kind",
		Figures: "Figures", ByPeriod: "Over time", BestSelling: "Best-selling products", ByCountry: "By country", ByGateway: "By payment method",
		Taxes: "Tax by rate", TaxesRefunded: "Tax refunded", Listed: "Orders and refunds", None: "(none)",
	},
	language.German: {
		Date: "02.01.2006", SalesReport: "Verkaufsbericht", PageOf: "Seite %d von %d", Nothing: "In dieser Zeit wurde nichts verkauft.",
		Missing: "□ steht für ein Zeichen, das die Schriften dieses Berichts nicht haben.", Total: "Summe",
		Orders: "Bestellungen", Units: "Stück", Goods: "Waren", Shipping: "Versand", Fees: "Gebühren", Net: "Netto", Discounts: "Rabatte",
		Tax: "Steuer", Gross: "Brutto", Credit: "Gutscheine und Guthaben", Average: "Durchschnitt", Refunds: "Erstattungen",
		Day: "Tag", Week: "Woche", Month: "Monat", Quarter: "Quartal", Year: "Jahr", Product: "Produkt", Country: "Land", Gateway: "Zahlungsart",
		Rate: "Satz", Number: "Nummer", Status: "Status", Order: "Bestellung", Refund: "Erstattung", Kind: "Art",
		Figures: "Kennzahlen", ByPeriod: "Im Zeitverlauf", BestSelling: "Meistverkaufte Produkte", ByCountry: "Nach Land",
		ByGateway: "Nach Zahlungsart", Taxes: "Steuer nach Satz", TaxesRefunded: "Erstattete Steuer", Listed: "Bestellungen und Erstattungen",
		None: "(ohne)",
	},
	language.French: {
		Date: "02/01/2006", SalesReport: "Rapport des ventes", PageOf: "Page %d sur %d", Nothing: "Aucune vente sur cette période.",
		Missing: "□ remplace un caractère que les polices de ce rapport n’ont pas.", Total: "Total",
		Orders: "Commandes", Units: "Unités", Goods: "Articles", Shipping: "Livraison", Fees: "Frais", Net: "HT", Discounts: "Remises",
		Tax: "TVA", Gross: "TTC", Credit: "Cartes cadeaux et avoirs", Average: "Panier moyen", Refunds: "Remboursements",
		Day: "Jour", Week: "Semaine", Month: "Mois", Quarter: "Trimestre", Year: "Année", Product: "Produit", Country: "Pays",
		Gateway: "Moyen de paiement", Rate: "Taux", Number: "Numéro", Status: "État", Order: "Commande", Refund: "Remboursement", Kind: "Type",
		Figures: "Chiffres", ByPeriod: "Dans le temps", BestSelling: "Meilleures ventes", ByCountry: "Par pays",
		ByGateway: "Par moyen de paiement", Taxes: "TVA par taux", TaxesRefunded: "TVA remboursée", Listed: "Commandes et remboursements",
		None: "(aucun)",
	},
	language.Spanish: {
		Date: "02/01/2006", SalesReport: "Informe de ventas", PageOf: "Página %d de %d", Nothing: "No se vendió nada en este periodo.",
		Missing: "□ sustituye a un carácter que las fuentes de este informe no tienen.", Total: "Total",
		Orders: "Pedidos", Units: "Unidades", Goods: "Artículos", Shipping: "Envío", Fees: "Recargos", Net: "Neto", Discounts: "Descuentos",
		Tax: "Impuestos", Gross: "Bruto", Credit: "Tarjetas regalo y saldo", Average: "Pedido medio", Refunds: "Reembolsos",
		Day: "Día", Week: "Semana", Month: "Mes", Quarter: "Trimestre", Year: "Año", Product: "Producto", Country: "País",
		Gateway: "Método de pago", Rate: "Tipo", Number: "Número", Status: "Estado", Order: "Pedido", Refund: "Reembolso", Kind: "Clase",
		Figures: "Cifras", ByPeriod: "En el tiempo", BestSelling: "Productos más vendidos", ByCountry: "Por país",
		ByGateway: "Por método de pago", Taxes: "Impuestos por tipo", TaxesRefunded: "Impuestos reembolsados", Listed: "Pedidos y reembolsos",
		None: "(ninguno)",
	},
	language.Italian: {
		Date: "02/01/2006", SalesReport: "Rapporto vendite", PageOf: "Pagina %d di %d", Nothing: "Nessuna vendita in questo periodo.",
		Missing: "□ sostituisce un carattere che i font di questo rapporto non hanno.", Total: "Totale",
		Orders: "Ordini", Units: "Pezzi", Goods: "Articoli", Shipping: "Spedizione", Fees: "Commissioni", Net: "Netto", Discounts: "Sconti",
		Tax: "Imposte", Gross: "Lordo", Credit: "Buoni regalo e credito", Average: "Ordine medio", Refunds: "Rimborsi",
		Day: "Giorno", Week: "Settimana", Month: "Mese", Quarter: "Trimestre", Year: "Anno", Product: "Prodotto", Country: "Paese",
		Gateway: "Metodo di pagamento", Rate: "Aliquota", Number: "Numero", Status: "Stato", Order: "Ordine", Refund: "Rimborso", Kind: "Tipo",
		Figures: "Cifre", ByPeriod: "Nel tempo", BestSelling: "Prodotti più venduti", ByCountry: "Per paese",
		ByGateway: "Per metodo di pagamento", Taxes: "Imposte per aliquota", TaxesRefunded: "Imposte rimborsate", Listed: "Ordini e rimborsi",
		None: "(nessuno)",
	},
	language.Dutch: {
		Date: "02-01-2006", SalesReport: "Verkooprapport", PageOf: "Pagina %d van %d", Nothing: "In deze periode is niets verkocht.",
		Missing: "□ staat voor een teken dat de lettertypen van dit rapport niet hebben.", Total: "Totaal",
		Orders: "Bestellingen", Units: "Stuks", Goods: "Artikelen", Shipping: "Verzending", Fees: "Toeslagen", Net: "Netto", Discounts: "Kortingen",
		Tax: "Btw", Gross: "Bruto", Credit: "Cadeaubonnen en tegoed", Average: "Gemiddelde bestelling", Refunds: "Terugbetalingen",
		Day: "Dag", Week: "Week", Month: "Maand", Quarter: "Kwartaal", Year: "Jaar", Product: "Product", Country: "Land", Gateway: "Betaalmethode",
		Rate: "Tarief", Number: "Nummer", Status: "Status", Order: "Bestelling", Refund: "Terugbetaling", Kind: "Soort",
		Figures: "Cijfers", ByPeriod: "In de tijd", BestSelling: "Best verkochte producten", ByCountry: "Per land",
		ByGateway: "Per betaalmethode", Taxes: "Btw per tarief", TaxesRefunded: "Terugbetaalde btw", Listed: "Bestellingen en terugbetalingen",
		None: "(geen)",
	},
}
