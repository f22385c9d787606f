package conformance

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// sameResponse compares in the form that both sides have after passing through the method's response message.
func sameResponse(method string, recorded, got any) error {
	_, message, err := messages(method)
	if err != nil {
		return err
	}
	if err := fromJSON(recorded, message); err != nil {
		return fmt.Errorf("recorded response: %w", err)
	}
	want, err := toJSON(message)
	if err != nil {
		return err
	}
	return sameValue("response", sortUnordered(want), sortUnordered(got))
}

// sortUnordered sorts what the plugin takes from Go maps.
func sortUnordered(response any) any {
	fields, ok := response.(map[string]any)
	if !ok {
		return response
	}
	for _, name := range []string{"failures", "diffs", "replaces"} {
		if list, ok := fields[name].([]any); ok {
			sort.Slice(list, func(i, j int) bool { return fmt.Sprint(list[i]) < fmt.Sprint(list[j]) })
		}
	}
	return fields
}

func sameValue(path string, want, got any) error {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: want an object, got %v", path, got)
		}
		for _, name := range keysOf(want, got) {
			if err := sameValue(path+"."+name, want[name], got[name]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		got, ok := got.([]any)
		if !ok || len(got) != len(want) {
			return fmt.Errorf("%s: want %v, got %v", path, want, got)
		}
		for i := range want {
			if err := sameValue(fmt.Sprintf("%s[%d]", path, i), want[i], got[i]); err != nil {
				return err
			}
		}
		return nil
	case string:
		if got, ok := got.(string); ok && (sameText(want, got) || path == "response.id" && sameID(want, got)) {
			return nil
		}
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Errorf("%s: want %s, got %s", path, shorten(want), shorten(got))
	}
	return nil
}

func keysOf(objects ...map[string]any) []string {
	var keys []string
	for _, object := range objects {
		for key := range object {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func shorten(value any) string {
	text := fmt.Sprintf("%q", fmt.Sprint(value))
	if len(text) > 600 {
		text = text[:300] + "…" + text[len(text)-300:]
	}
	return text
}

var (
	randomPart  = regexp.MustCompile(`^(.*)[0-9a-f]{8}$`)
	abbreviated = regexp.MustCompile(`(?s)^\$(\d+)_CHARS:(.*)…(.*)$`)
)

func sameID(want, got string) bool {
	prefix, actual := randomPart.FindStringSubmatch(want), randomPart.FindStringSubmatch(got)
	return prefix != nil && actual != nil && prefix[1] == actual[1]
}

// sameText knows abbreviated long values and random ports, and that both output streams arrive in any order.
func sameText(want, got string) bool {
	if match := abbreviated.FindStringSubmatch(want); match != nil {
		length, _ := strconv.Atoi(match[1])
		return len([]rune(got)) == length && strings.HasPrefix(got, match[2]) && strings.HasSuffix(got, match[3])
	}
	if strings.Contains(want, "$EPHEMERAL") {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(want), `\$EPHEMERAL`, `\d+`)
		return regexp.MustCompile("^" + pattern + "$").MatchString(got)
	}
	return want == got
}

func sameError(want, got *callError) error {
	if want == nil && got == nil {
		return nil
	}
	if want == nil || got == nil {
		return fmt.Errorf("error: want %v, got %v", want, got)
	}
	if want.Code != got.Code || !sameText(want.Message, got.Message) && sortedText(want.Message) != sortedText(got.Message) {
		return fmt.Errorf("error: want %s %q, got %s %q", want.Code, want.Message, got.Code, got.Message)
	}
	return nil
}

// sortedText stands for a text up to the order in which both output streams arrive, which also decides about lines.
func sortedText(text string) string {
	characters := []rune(strings.ReplaceAll(text, "\n", ""))
	slices.Sort(characters)
	return string(characters)
}

// sameLog compares the first and last lines if the recording has only these.
func sameLog(recorded call, got []logLine) error {
	want := recorded.EngineLog
	if recorded.EngineLogCount > len(want) {
		if len(got) != recorded.EngineLogCount {
			return fmt.Errorf("log: want %d lines, got %d", recorded.EngineLogCount, len(got))
		}
		const last = 3
		first := len(want) - last
		got = append(slices.Clone(got[:first]), got[len(got)-last:]...)
	}
	if recorded.AnyOrder {
		want, got = mergedLog(want), mergedLog(got)
	}
	if len(want) != len(got) {
		return fmt.Errorf("log: want %v, got %v", want, got)
	}
	for i := range want {
		message := got[i].Message
		if sameText(want[i].Message, message) {
			message = want[i].Message
		}
		if want[i] != (logLine{got[i].Severity, message, got[i].Urn, got[i].Ephemeral}) {
			return fmt.Errorf("log line %d: want %v, got %v", i+1, want[i], got[i])
		}
	}
	return nil
}

// mergedLog joins the lines that differ in their message alone.
func mergedLog(lines []logLine) []logLine {
	texts := map[logLine]string{}
	for _, line := range lines {
		kind := logLine{line.Severity, "", line.Urn, line.Ephemeral}
		texts[kind] += line.Message
	}
	var merged []logLine
	for kind, text := range texts {
		kind.Message = sortedText(text)
		merged = append(merged, kind)
	}
	sort.Slice(merged, func(i, j int) bool { return merged[i].Severity < merged[j].Severity })
	return merged
}
