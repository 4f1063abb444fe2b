@sign_in
Feature: Signing in and out
  Customers sign in with their user name and password. A sign-in session lasts for a set time. After that, the customer
  has to renew the session or sign in again. Signing out ends it immediately. The customer account shows who is signed in.
  An auth provider is a way to sign in that the shop has set up, such as e-mail and password. An app token shows the shop
  which app is asking. Signing in returns an access token, which shows who is signed in, and a refresh token, which renews
  the session. Some scenarios begin with an unrelated order or sign-in. The last step checks that it has not changed.

  Rule: Signing in needs a registered customer's user name and password, and a known auth provider and app

    @severity:critical
    Scenario: A registered customer can sign in
      When Christina signs in
      Then Christina can view the customer account, with the correct user name

    @severity:critical @undocumented
    Scenario Outline: Signing in with <credentials> is refused
      Given Ben has signed in on a phone
      And Ben has viewed the list of devices
      When Ben tries to sign in on a computer with <credentials>
      Then the shop refuses the request
      And Ben is signed in on the same number of devices
      And nothing has changed

      Examples:
        | credentials          |
        | a wrong password     |
        | an unknown user name |

    Scenario Outline: Signing in with <credentials> is refused because a value is missing
      Given Christina has signed in on a phone
      When Christina tries to sign in on a computer with <credentials>
      Then the shop refuses the request with the message "Login or password values are missed"
      And nothing has changed

      Examples:
        | credentials        |
        | an empty password  |
        | an empty user name |

    Scenario: Signing in with an unknown auth provider is refused
      Given Christina has signed in on a phone
      When Christina tries to sign in on a computer with an unknown auth provider
      Then the shop refuses the request as invalid
      And nothing has changed

    Scenario: Signing in with an unknown app token is refused
      Given Christina has signed in on a phone
      When Christina tries to sign in with an unknown app token
      Then the shop refuses the request with the message "Resource is closed"
      And nothing has changed

  Rule: Only a signed-in customer can view the customer account

    @undocumented
    Scenario: Viewing the customer account without signing in is refused
      When a visitor tries to view the customer account
      Then the shop denies the visitor access

  Rule: A sign-in session expires and can be renewed

    Scenario: Renewing a sign-in session returns new tokens
      Given Christina has signed in
      When Christina renews the sign-in session
      Then the access token and the refresh token are new
      And Christina can view the customer account, with the correct user name
      And nothing else has changed

    Scenario: A renewed sign-in session lasts as long as the original
      Given Christina has signed in
      When Christina renews the sign-in session
      Then the original and the renewed session both last as long as the shop's settings say
      And nothing else has changed

    Scenario: Renewing a sign-in session does not end other sign-in sessions
      Given Christina has signed in
      And Ben has signed in on a computer
      And Ben has signed in on a phone
      When Ben renews the sign-in session on the computer
      Then Ben can view the customer account on the phone, with the correct user name
      And nothing else has changed

    Scenario: Renewing a sign-in session does not add a device
      Given Christina has signed in on a computer
      And Christina has signed in on a phone
      And Christina has viewed the list of devices
      When Christina renews the sign-in session on the computer
      Then Christina is signed in on the same number of devices
      And nothing else has changed

    @severity:critical
    Scenario: A refresh token can be used only once
      Given Christina has signed in
      And Christina has renewed the sign-in session
      When Christina tries to use the first refresh token again
      Then the shop refuses the request as invalid
      And nothing has changed

    @mock_only
    Scenario: Viewing the customer account with an expired sign-in session is refused
      Given Christina has signed in
      And the sign-in session has expired
      When Christina tries to view the customer account
      Then the shop asks Christina to sign in

    @mock_only
    Scenario: An expired sign-in session can be renewed
      Given Christina has signed in
      And the sign-in session has expired
      When Christina renews the sign-in session
      Then Christina can view the customer account, with the correct user name
      And nothing else has changed

  Rule: Signing out ends the sign-in session immediately

    @severity:critical
    Scenario: Viewing the customer account after signing out is refused
      Given Christina has signed in
      And Christina has signed out
      When Christina tries to view the customer account
      Then the shop asks Christina to sign in

    Scenario: A sign-in session cannot be renewed after signing out
      Given Christina has signed in
      And Ben has signed in
      And Ben has signed out
      When Ben tries to renew the ended sign-in session
      Then the shop refuses the request as invalid
      And nothing has changed

    Scenario: A sign-in session cannot be renewed after signing out on all devices
      Given Ben has signed in
      And Ben has signed out on all devices
      When Ben tries to renew the ended sign-in session
      Then the shop refuses the request as invalid
      And nothing has changed

    Scenario: Signing out on one device keeps the other devices signed in
      Given Christina has signed in on a computer
      And Christina has signed in on a phone
      And Christina has ordered 1 "Product 14" with the second payment method and opened a payment session
      When Christina signs out on the computer
      Then Christina can view the customer account on the phone, with the correct user name
      And nothing else has changed

    Scenario Outline: Other customers stay signed in when a customer <action>
      Given Christina has signed in
      And Ben has signed in
      And Christina has ordered 1 "Product 14" with the second payment method and opened a payment session
      When Ben <action>
      Then Christina can view the customer account, with the correct user name
      And nothing else has changed

      Examples:
        | action                   |
        | signs out                |
        | signs out on all devices |

    Scenario: Signing out on all devices also ends the sign-in session on another device
      Given Ben has signed in on a computer
      And Ben has signed in on a phone
      And Ben has signed out on all devices
      When Ben tries to view the customer account on the phone
      Then the shop asks Ben to sign in
      And nothing has changed

  Rule: The shop counts the devices on which a customer is signed in

    Scenario: Signing in on a new device adds one device
      Given Christina has signed in on a phone
      And Christina has viewed the list of devices
      When Christina signs in on a computer
      Then Christina is signed in on one more device
      And nothing else has changed

    Scenario: Signing in again on the same device adds no device
      Given Christina has signed in on a phone
      And Christina has viewed the list of devices
      When Christina signs in again on the phone
      Then Christina is signed in on the same number of devices
      And nothing else has changed
