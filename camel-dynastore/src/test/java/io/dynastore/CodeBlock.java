/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Code in a document. Where it comes from stands in a comment above it: {@code <!-- from path -->} in Markdown,
 * {@code // from path} in AsciiDoc.
 *
 * @param page the document
 * @param line the number of its first line
 * @param language as the document names it
 * @param homes the files that may contain it, relative to the root
 * @param lines the code; a comment of nothing but {@code …} stands for lines that are left out
 */
record CodeBlock(Path page, int line, String language, List<Path> homes, List<String> lines) {

    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*)\\s*");
    private static final Pattern SOURCE = Pattern.compile("\\[source,(\\w+)]");
    private static final Pattern HOME = Pattern.compile("(?:<!--|//) from (\\S+)(?: -->)?");
    private static final Set<String> GAPS = Set.of("// …", "# …", "<!-- … -->");

    CodeBlock {
        homes = List.copyOf(homes);
        lines = List.copyOf(lines);
    }

    /** Those of a Markdown file; a comment is for the next block alone. */
    static List<CodeBlock> ofMarkdown(Path page, List<String> text) {
        List<CodeBlock> blocks = new ArrayList<>();
        List<Path> homes = new ArrayList<>();
        for (int at = 0; at < text.size(); at++) {
            Matcher fence = FENCE.matcher(text.get(at));
            Matcher home = HOME.matcher(text.get(at).strip());
            if (home.matches()) {
                homes.add(Path.of(home.group(1)));
            } else if (fence.matches()) {
                List<String> code = until("```", text, at + 1);
                blocks.add(new CodeBlock(page, at + 2, fence.group(1), homes, code));
                homes.clear();
                at += code.size() + 1;
            }
        }
        return blocks;
    }

    /** Those of an AsciiDoc file; its comments are for all blocks. */
    static List<CodeBlock> ofAsciiDoc(Path page, List<String> text) {
        List<Path> homes = text.stream()
                .map(HOME::matcher)
                .filter(Matcher::matches)
                .map(home -> Path.of(home.group(1)))
                .toList();
        List<CodeBlock> blocks = new ArrayList<>();
        for (int at = 0; at < text.size(); at++) {
            Matcher source = SOURCE.matcher(text.get(at));
            if (source.matches()) {
                blocks.add(new CodeBlock(page, at + 3, source.group(1), homes, until("----", text, at + 2)));
            }
        }
        return blocks;
    }

    private static List<String> until(String end, List<String> text, int from) {
        List<String> code = new ArrayList<>();
        for (int at = from; at < text.size() && !text.get(at).strip().equals(end); at++) {
            code.add(text.get(at));
        }
        return code;
    }

    /** Whether the lines stand in this text in their order, all moved by the same number of spaces. */
    boolean isIn(List<String> text) {
        List<String> code = significant(lines);
        List<String> source = significant(text);
        for (int start = 0; start < source.size(); start++) {
            if (!code.isEmpty() && matches(code, source, start)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(List<String> code, List<String> source, int start) {
        int shift = indent(source.get(start)) - indent(code.get(0));
        int at = start;
        boolean gap = false;
        for (String line : code) {
            if (GAPS.contains(line.strip())) {
                gap = true;
                continue;
            }
            while (gap && at < source.size() && !same(line, source.get(at), shift)) {
                at++;
            }
            if (at >= source.size() || !same(line, source.get(at), shift)) {
                return false;
            }
            at++;
            gap = false;
        }
        return true;
    }

    private static boolean same(String line, String source, int shift) {
        return line.strip().equals(source.strip()) && indent(source) - indent(line) == shift;
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** Without blank lines, and without the versions of a POM, which examples inherit. */
    private List<String> significant(List<String> text) {
        return text.stream()
                .filter(line -> !line.isBlank())
                .filter(line -> !(language.equals("xml") && line.strip().startsWith("<version>")))
                .toList();
    }

    @Override
    public String toString() {
        return page + ":" + line + " (" + language + ")";
    }
}
