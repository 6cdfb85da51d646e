/* SPDX-License-Identifier: Apache-2.0 */
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;
import org.objectweb.asm.TypePath;

/**
 * Takes type annotations (here JSpecify's @Nullable) off the components of records, in the class files of a folder.
 *
 * <p>The mutation check redefines classes in a running JVM, and HotSpot (17 to 25 at least) crashes when a record with such an
 * annotation is redefined a second time. Nothing reads them at run time; those of fields, parameters and results stay.
 */
final class StripRecordAnnotations {

    private StripRecordAnnotations() {}

    public static void main(String[] folder) throws IOException {
        List<Path> classes;
        try (Stream<Path> files = Files.walk(Path.of(folder[0]))) {
            classes = files.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : classes) {
            strip(file);
        }
    }

    private static void strip(Path file) throws IOException {
        ClassReader reader = new ClassReader(Files.readAllBytes(file));
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new Stripper(writer), 0);
        Files.write(file, writer.toByteArray());
    }

    private static final class Stripper extends ClassVisitor {

        Stripper(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public RecordComponentVisitor visitRecordComponent(String name, String descriptor, String signature) {
            return new RecordComponentVisitor(api, super.visitRecordComponent(name, descriptor, signature)) {
                @Override
                public AnnotationVisitor visitTypeAnnotation(int type, TypePath path, String annotation, boolean visible) {
                    return null;
                }
            };
        }
    }
}
