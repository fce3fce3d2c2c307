import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.ValidationWarnings;
import ezvcard.io.ParseWarning;
import ezvcard.io.text.VCardReader;
import ezvcard.property.Anniversary;
import ezvcard.property.Birthday;
import ezvcard.property.Kind;
import ezvcard.property.ProductId;
import ezvcard.property.Related;
import ezvcard.property.Revision;
import ezvcard.property.StructuredName;
import ezvcard.property.Uid;
import ezvcard.property.Url;
import ezvcard.property.VCardProperty;
import java.io.File;
import java.util.List;
import java.util.Map;

/**
 * Reads files of cards with ez-vcard, and prints a line for each card with what it says, and one for everything that its
 * reader or its validator finds wrong by the RFC of the card's version.
 */
class Validate {
    private static final List<Class<? extends VCardProperty>> ONCE = List.of(StructuredName.class, Birthday.class,
        Anniversary.class, Kind.class, Uid.class, Revision.class, ProductId.class);

    public static void main(String[] files) throws Exception {
        for (String file : files) {
            try (VCardReader reader = new VCardReader(new File(file))) {
                for (VCard card = reader.readNext(); card != null; card = reader.readNext()) {
                    tell(card, reader.getWarnings());
                }
            }
        }
    }

    static void tell(VCard card, List<ParseWarning> warnings) {
        warnings.forEach(warning -> wrong(warning.toString()));
        for (Map.Entry<VCardProperty, List<ezvcard.ValidationWarning>> found : card.validate(card.getVersion())) {
            String property = found.getKey() == null ? "card" : found.getKey().getClass().getSimpleName();
            found.getValue().forEach(warning -> wrong(property + ": " + warning));
        }
        // What may stand in a card once (RFC 6350, 6; the validator does not count).
        for (Class<? extends VCardProperty> once : ONCE) {
            if (card.getVersion() == VCardVersion.V4_0 && card.getProperties(once).size() > 1) {
                wrong("more than one " + once.getSimpleName());
            }
        }
        for (Url url : card.getUrls()) {
            said("url", url.getValue());
        }
        for (Related related : card.getRelations()) {
            said("related", related.getText());
        }
        for (Anniversary day : card.getProperties(Anniversary.class)) {
            Object date = day.getDate() == null ? day.getPartialDate() : day.getDate();
            said("anniversary", day.getText() == null ? String.valueOf(date) : day.getText());
        }
        said("card", card.getVersion().getVersion());
    }

    static void wrong(String what) {
        said("wrong", what);
    }

    /** One line, whatever is in it. */
    static void said(String kind, String what) {
        System.out.println(kind + "\t" + what.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r"));
    }
}
