import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints one line for each file, standard and rule that is broken: the file's place, standard, rule, why. */
class Verapdf {
    public static void main(String[] files) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        for (int place = 0; place < files.length; place++) {
            for (String standard : List.of("ua1", "2a")) {
                for (String broken : new TreeSet<>(broken(new File(files[place]), PDFAFlavour.fromString(standard)))) {
                    System.out.println(place + "\t" + standard + "\t" + broken);
                }
            }
        }
        System.out.println("checked");
    }

    private static List<String> broken(File file, PDFAFlavour standard) throws Exception {
        List<String> found = new ArrayList<>();
        var foundry = Foundries.defaultInstance();
        try (var parser = foundry.createParser(file, standard);
                var validator = foundry.createValidator(standard, 1, false, false, false)) {
            ValidationResult result = validator.validate(parser);
            if (!result.isCompliant() && result.getTestAssertions().isEmpty()) {
                found.add("not compliant");
            }
            for (TestAssertion each : result.getTestAssertions()) {
                found.add(each.getRuleId().getClause() + "-" + each.getRuleId().getTestNumber() + "\t"
                    + each.getMessage().replaceAll("\\s+", " ") + " " + each.getLocation().getContext());
            }
        }
        return found;
    }
}
