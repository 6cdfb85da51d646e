#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Apache Camel 4.18.0 and 4.22.0 (camel-api), JDK 17.
#
# Camel's resume API keeps the position of a consumer, such as a partition and its offset. `Serializable.serialize(Object)`
# turns a key or an offset into bytes, and `Deserializable.deserializeObject(ByteBuffer)` turns them back. Both have the
# types integer, long, string and file.
#
# One would expect: an Integer comes back, as a Long and a String do.
# Seen: for an Integer, `serialize` returns null, and says nothing. The other side would have read one.
#
# Prints for each version what comes back. Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/Main.java" <<'JAVA'
import java.nio.ByteBuffer;
import org.apache.camel.resume.Deserializable;
import org.apache.camel.resume.Serializable;

public class Main {
    public static void main(String[] args) {
        Serializable writer = () -> null;
        Deserializable reader = (key, value) -> true;
        for (Object value : new Object[] {"7", 7L, 7}) {
            ByteBuffer bytes = writer.serialize(value);
            Object back = bytes == null ? "no bytes" : reader.deserializeObject(bytes.rewind());
            System.out.println(value.getClass().getSimpleName() + ": " + back);
        }
        // What the reader takes for an integer
        ByteBuffer integer = ByteBuffer.allocate(8).putInt(Serializable.TYPE_INTEGER).putInt(7).flip();
        System.out.println("bytes of an Integer: " + reader.deserializeObject(integer));
    }
}
JAVA

cat > "$work/expected" <<'TEXT'
String: 7
Long: 7
Integer: no bytes
bytes of an Integer: 7
TEXT

for version in 4.18.0 4.22.0; do
    folder=$work/$version
    mkdir -p "$folder"
    cat > "$folder/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.camel</groupId>
      <artifactId>camel-api</artifactId>
      <version>$version</version>
    </dependency>
  </dependencies>
</project>
XML
    mvn -B -ntp -q -f "$folder/pom.xml" dependency:build-classpath -Dmdep.outputFile="$folder/classpath"
    javac -d "$folder" -cp "$(cat "$folder/classpath")" "$work/Main.java"
    java -cp "$folder:$(cat "$folder/classpath")" Main > "$folder/seen"
    echo "Camel $version"
    cat "$folder/seen"
    diff "$work/expected" "$folder/seen"
done
