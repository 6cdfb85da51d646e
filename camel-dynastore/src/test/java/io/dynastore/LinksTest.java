/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Relative links of documents lead to files and headings that exist. */
class LinksTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^()\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.+?)\\s*");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

    /** A link and the page that has it. */
    private record Link(Path page, String target) {

        Path file() {
            Path folder = page.toAbsolutePath().getParent();
            String path = target.replaceFirst("#.*", "");
            Path file = path.isEmpty() || folder == null ? page.toAbsolutePath() : folder.resolve(path);
            return Path.of("").toAbsolutePath().relativize(file.normalize());
        }

        @Nullable
        String anchor() {
            int hash = target.indexOf('#');
            return hash < 0 ? null : target.substring(hash + 1);
        }
    }

    @Test
    void everyRelativeLinkLeadsToAFile() {
        assertThat(links()).isNotEmpty();
        assertThat(links())
                .filteredOn(link -> !DocumentPages.exists(link.file()))
                .isEmpty();
    }

    @Test
    void everyAnchorIsAHeadingOfItsPage() {
        List<Link> anchored = links().stream()
                .filter(link -> link.anchor() != null && DocumentPages.exists(link.file()))
                .toList();
        assertThat(anchored).isNotEmpty();
        assertThat(anchored)
                .filteredOn(link -> !anchors(DocumentPages.lines(link.file())).contains(link.anchor()))
                .isEmpty();
    }

    private static List<Link> links() {
        return DocumentPages.markdown().stream()
                .flatMap(page -> links(page).stream())
                .toList();
    }

    private static List<Link> links(Path page) {
        List<Link> links = new ArrayList<>();
        for (String line : withoutCode(DocumentPages.lines(page))) {
            Matcher matcher = LINK.matcher(line);
            while (matcher.find()) {
                if (!ELSEWHERE.matcher(matcher.group(1)).matches()) {
                    links.add(new Link(page, matcher.group(1)));
                }
            }
        }
        return links;
    }

    private static List<String> withoutCode(List<String> text) {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : text) {
            boolean fence = line.strip().startsWith("```");
            if (!code && !fence) {
                prose.add(line);
            }
            code = fence != code;
        }
        return prose;
    }

    /** As GitHub names headings: lower case, without punctuation, a number behind those that repeat. */
    private static List<String> anchors(List<String> text) {
        Map<String, Integer> seen = new HashMap<>();
        List<String> anchors = new ArrayList<>();
        for (String line : withoutCode(text)) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String name = heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                int before = seen.merge(name, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? name : name + "-" + before);
            }
        }
        return anchors;
    }

    @Test
    void headingsAreNamedAsTheyAreOnGitHub() {
        assertThat(anchors(
                        List.of("# FAQ, gotchas", "## `put` and get", "```", "# no heading", "```", "## put and get")))
                .containsExactly("faq-gotchas", "put-and-get", "put-and-get-1");
    }
}
