import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import sun.reflect.ReflectionFactory;

/**
 * Copies a graph of objects, each once, so that the copy and the original share nothing that
 * changes. Values, classes, Scala's singletons and the given packages (definitions that no episode
 * changes) stay shared. A closure cannot be copied and is refused.
 *
 * <p>Built by {@code make java}; the class file lies beside it, for a Java runtime has no compiler.
 */
public final class Copier {
    private static final ReflectionFactory FACTORY = ReflectionFactory.getReflectionFactory();

    private final Map<String, Shape> shapes = new HashMap<>();
    private final String[] shared;

    /** What is known of a class: how to make an instance without its constructor, and its fields. */
    private static final class Shape {
        final boolean shared;
        final Constructor<?> constructor;
        final Field[] fields;

        Shape(boolean shared, Constructor<?> constructor, Field[] fields) {
            this.shared = shared;
            this.constructor = constructor;
            this.fields = fields;
        }
    }

    /** Makes a copier that shares the objects of classes whose names begin so. */
    public Copier(String[] shared) {
        this.shared = shared;
    }

    /** Copies a graph from its root. */
    public Object copy(Object root) throws ReflectiveOperationException {
        return new Run().copy(root);
    }

    private Shape shape(Class<?> type) throws ReflectiveOperationException {
        Shape shape = shapes.get(type.getName());
        if (shape == null) {
            shape = isShared(type) ? new Shape(true, null, null) : analyse(type);
            shapes.put(type.getName(), shape);
        }
        return shape;
    }

    private boolean isShared(Class<?> type) throws ReflectiveOperationException {
        String name = type.getName();
        for (String prefix : shared) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        if (name.endsWith("$")) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals("MODULE$")) {
                    return true;
                }
            }
        }
        return String.class == type
                || Number.class.isAssignableFrom(type) && !name.contains("atomic")
                || Boolean.class == type
                || Character.class == type
                || Class.class == type
                || Enum.class.isAssignableFrom(type);
    }

    private static Shape analyse(Class<?> type) throws ReflectiveOperationException {
        if (type.isSynthetic() || type.getName().contains("$$Lambda")) {
            throw new UnsupportedOperationException("a closure cannot be copied: " + type.getName());
        }
        if (type.isArray()) {
            return new Shape(false, null, null);
        }
        Constructor<?> constructor =
                FACTORY.newConstructorForSerialization(type, Object.class.getDeclaredConstructor());
        List<Field> fields = new ArrayList<>();
        for (Class<?> level = type; level != Object.class; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return new Shape(false, constructor, fields.toArray(new Field[0]));
    }

    /** One copying: the copies made so far, by class, for identity hashes may all be equal. */
    private final class Run {
        private final Map<String, IdentityHashMap<Object, Object>> copies = new HashMap<>();
        private final ArrayDeque<Object[]> work = new ArrayDeque<>();

        Object copy(Object root) throws ReflectiveOperationException {
            Object result = copyOf(root);
            while (!work.isEmpty()) {
                Object[] pair = work.poll();
                fill(pair[0], pair[1]);
            }
            return result;
        }

        /** Gives the copy of an object, empty as yet where it is new. */
        private Object copyOf(Object original) throws ReflectiveOperationException {
            if (original == null) {
                return null;
            }
            Class<?> type = original.getClass();
            Shape shape = shape(type);
            if (shape.shared) {
                return original;
            }
            IdentityHashMap<Object, Object> same =
                    copies.computeIfAbsent(type.getName(), name -> new IdentityHashMap<>());
            Object copy = same.get(original);
            if (copy == null) {
                copy = type.isArray()
                        ? Array.newInstance(type.getComponentType(), Array.getLength(original))
                        : shape.constructor.newInstance();
                same.put(original, copy);
                work.add(new Object[] {original, copy});
            }
            return copy;
        }

        private void fill(Object original, Object copy) throws ReflectiveOperationException {
            Class<?> type = original.getClass();
            if (type.isArray()) {
                if (type.getComponentType().isPrimitive()) {
                    System.arraycopy(original, 0, copy, 0, Array.getLength(original));
                    return;
                }
                Object[] from = (Object[]) original;
                Object[] to = (Object[]) copy;
                for (int i = 0; i < from.length; i++) {
                    to[i] = copyOf(from[i]);
                }
                return;
            }
            for (Field field : shape(type).fields) {
                field.set(copy, field.getType().isPrimitive()
                        ? field.get(original) : copyOf(field.get(original)));
            }
        }
    }
}
