package erp

import (
	"context"
	"fmt"
	"strings"

	"tandem/fault"
)

// Drivers are the ERPs a program knows; the first is the one that is taken when none is named.
type Drivers []Driver

// Names lists the drivers' names in their order.
func (d Drivers) Names() []string {
	names := make([]string, len(d))
	for i, driver := range d {
		names[i] = driver.Name
	}
	return names
}

// Find returns the driver of a name. One that is not known, such as that of an instance which a newer version has made, is
// fault.Invalid.
func (d Drivers) Find(name string) (Driver, error) {
	for _, driver := range d {
		if driver.Name == name {
			return driver, nil
		}
	}
	return Driver{}, fault.Field("backend", "%q is not an ERP that this version of Tandem knows: choose one of %s",
		name, strings.Join(d.Names(), ", "))
}

// Open opens an ERP by its driver's name.
func (d Drivers) Open(ctx context.Context, name string, a Access) (Backend, error) {
	driver, err := d.Find(name)
	if err != nil {
		return nil, err
	}
	return driver.Open(ctx, a)
}

// NeedsSecret reports whether the ERP of a name has a key. One that is not known may have.
func (d Drivers) NeedsSecret(name string) bool {
	driver, err := d.Find(name)
	return err != nil || driver.Secret != ""
}

// WebPages are the pages of an ERP about records, by their kind; none where they are not known.
func (d Drivers) WebPages(name string, c Connection, version string) map[string]WebPage {
	driver, err := d.Find(name)
	if err != nil || driver.WebPages == nil {
		return nil
	}
	return driver.WebPages(c, version)
}

// Books is what tells the places apart in which records are landed: equal books have equal texts. Nothing is known of what
// the settings of an unknown ERP mean, so each of them counts.
func (d Drivers) Books(name string, c Connection, company string) string {
	if driver, err := d.Find(name); err == nil {
		return driver.books(c, company)
	}
	return fmt.Sprintf("%q %q %q", name, c.values(), company)
}

// values are the settings that are not empty with their names.
func (c Connection) values() []string {
	var values []string
	for _, name := range c.names() {
		if c[name] != "" {
			values = append(values, name, c[name])
		}
	}
	return values
}
