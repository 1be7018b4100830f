package wootest

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"slices"
)

//go:embed seed/settings.json
var settingsSeed []byte

// setting is one option of the shop's configuration. Value and Default may be any JSON; Options is absent for free text.
type setting struct {
	ID          string          `json:"id"`
	Label       string          `json:"label"`
	Description string          `json:"description"`
	Type        string          `json:"type"`
	Default     json.RawMessage `json:"default"`
	Tip         *string         `json:"tip,omitempty"`
	Value       json.RawMessage `json:"value"`
	Options     json.RawMessage `json:"options,omitempty"`
}

func (s *Server) routeSettings() {
	s.router.at("settings").on(http.MethodGet, s.listSettingGroups)
	s.router.at("settings/*/batch").edit(s.batchSettings)
	s.router.at("settings/*").on(http.MethodGet, s.listSettings)
	s.router.at("settings/*/*").edit(s.putSetting).on(http.MethodGet, s.getSetting)
}

var settingGroups = []string{"general", "products", "tax"}

func (s *Server) listSettingGroups(c *call) (*reply, error) {
	e := c.encoder()
	e.open('[')
	for _, id := range settingGroups {
		e.open('{')
		e.str("id", id)
		e.str("label", id)
		e.str("description", "")
		e.str("parent_id", "")
		e.raw("sub_groups", "[]")
		e.object("_links")
		c.link(e, "options", "settings/"+id)
		e.b = append(e.b, "}}"...)
	}
	e.close(']')
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) listSettings(c *call) (*reply, error) {
	group, known := s.settings[c.vars[0]]
	if !known {
		return nil, fail(http.StatusNotFound, "rest_setting_setting_group_invalid", "Invalid setting group.")
	}
	e := c.encoder()
	e.open('[')
	for i := range group {
		encodeSetting(e, c, &group[i])
	}
	e.close(']')
	return newReply(http.StatusOK, e.b), nil
}

func encodeSetting(e *encoder, c *call, set *setting) {
	e.next()
	e.document(set)
	c.links(e, "settings/"+c.vars[0], set.ID, editMethods, "")
	e.close('}')
}

func (s *Server) getSetting(c *call) (*reply, error) {
	set, err := s.findSetting(c.vars[0], c.vars[1])
	if err != nil {
		return nil, err
	}
	e := c.encoder()
	encodeSetting(e, c, set)
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) findSetting(group, id string) (*setting, error) {
	if _, known := s.settings[group]; !known {
		return nil, fail(http.StatusNotFound, "rest_setting_setting_group_invalid", "Invalid setting group.")
	}
	at := slices.IndexFunc(s.settings[group], func(set setting) bool { return set.ID == id })
	if at < 0 {
		return nil, fail(http.StatusNotFound, "rest_setting_setting_invalid", "Invalid setting.")
	}
	return &s.settings[group][at], nil
}

func (s *Server) putSetting(c *call) (*reply, error) {
	var in struct {
		Value json.RawMessage `json:"value"`
	}
	set, err := s.findSetting(c.vars[0], c.vars[1])
	if err == nil {
		err = decode(c.body, &in)
	}
	if err != nil {
		return nil, err
	}
	if len(in.Value) > 0 {
		set.Value = in.Value
		s.readRules()
	}
	return s.getSetting(c)
}

func (s *Server) batchSettings(c *call) (*reply, error) {
	var in struct {
		Update []struct {
			ID    string          `json:"id"`
			Value json.RawMessage `json:"value"`
		} `json:"update"`
	}
	if err := decode(c.body, &in); err != nil {
		return nil, err
	}
	e := c.encoder()
	e.open('{')
	e.array("update")
	for _, item := range in.Update {
		set, err := s.findSetting(c.vars[0], item.ID)
		if err != nil {
			e.next()
			e.document(map[string]any{"id": item.ID, "error": asRestError(err).body()})
			e.close('}')
			continue
		}
		set.Value = item.Value
		encodeSetting(e, c, set)
	}
	s.readRules()
	e.b = append(e.b, "]}"...)
	return newReply(http.StatusOK, e.b), nil
}

// option gives the value of a setting as text, as the shop's own code reads it.
func (s *Server) option(group, id string) string {
	set, err := s.findSetting(group, id)
	if err != nil {
		return ""
	}
	var value text
	if json.Unmarshal(set.Value, &value) != nil {
		return ""
	}
	return string(value)
}

// configure sets an option while the store is being seeded.
func (s *Server) configure(group, id, value string) {
	set, err := s.findSetting(group, id)
	if err != nil {
		return
	}
	quoted := &encoder{}
	quoted.quote(value)
	set.Value = quoted.b
}
