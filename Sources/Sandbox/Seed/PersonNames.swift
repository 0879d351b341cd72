// Names, titles and departments that people of the seed draw from.

/// Word lists for people.
enum PersonNames {
  static let given = [
    "Alice", "Benjamin", "Carla", "Daniel", "Elena", "Frank", "Grace", "Hassan", "Irene", "Jacob", "Karen", "Liam",
    "Maria", "Nathan", "Olivia", "Peter", "Quinn", "Rachel", "Samuel", "Tara", "Umar", "Vera", "Walter", "Xenia",
    "Yusuf", "Zoe", "Amara", "Bruno", "Clara", "Derek", "Esther", "Felix", "Gloria", "Hugo", "Iris", "Jonas", "Kira",
    "Leonard", "Mona", "Nora", "Oscar", "Paula", "Ralph", "Sofia", "Thomas", "Ursula", "Victor", "Wendy", "Adam",
    "Beth",
  ]

  static let family = [
    "Anderson", "Baker", "Carter", "Diaz", "Edwards", "Fischer", "Garcia", "Hughes", "Ibrahim", "Jensen", "Keller",
    "Lind", "Morgan", "Nakamura", "Okafor", "Patel", "Quigley", "Russo", "Schmidt", "Turner", "Ueda", "Vargas", "Walsh",
    "Xu", "Young", "Zimmer", "Abbott", "Bennett", "Chavez", "Dawson", "Ellis", "Foster", "Graham", "Hayes", "Ingram",
    "Jacobs", "Knight", "Lambert", "Mercer", "Newman", "Osborne", "Parker", "Reeves", "Sullivan", "Tate", "Upton",
    "Vaughn", "Webster", "Yates", "Zeller", "Ashby", "Boyd", "Crane", "Drake", "Emery", "Flynn", "Goodwin", "Holt",
    "Irwin", "Joyce", "Kirby", "Lowe", "Marsh", "Nolan", "Orr", "Pike", "Rhodes", "Stone", "Thorne", "Underhill",
  ]

  static let titles = [
    "Office Manager", "Accountant", "Sales Manager", "Director", "Buyer", "Technician", "Receptionist", "Engineer",
    "Controller", "Project Manager", "Dispatcher", "Paralegal", "Hygienist", "Driver", "Analyst", "Partner",
    "Assistant",
    "Warehouse Lead", "HR Manager", "Marketing Specialist",
  ]

  static let departments = ["Operations", "Finance", "Sales", "Administration", "Human Resources", "Production"]

  /// Names with letters outside ASCII, with the part before the at sign of their addresses.
  static let accented = [
    ("Zoë", "Müller", "zoe.mueller"), ("Søren", "Ægidius", "soren.aegidius"), ("José", "Nuñez", "jose.nunez"),
    ("Łukasz", "Wiśniewski", "lukasz.wisniewski"), ("Chloé", "D’Arcy", "chloe.darcy"),
  ]

  static let eastAsian = [
    ("太郎", "山田", "taro.yamada"), ("小明", "王", "xiaoming.wang"), ("지우", "김", "jiwoo.kim"),
  ]
}
